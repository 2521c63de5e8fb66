import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { startChild } from "../support/child.ts";
import { startHangar } from "../support/server.ts";
import { expectDocumented } from "./document.ts";
import { expectedOfCases, expectedOfType, type Outcome } from "./expected.ts";
import { renderDocument, type CaseRow, type TypeRow } from "./render.ts";

/** How long one of the programs may take; it writes and reads some hundreds of files. */
const limitMs = 400_000;

let types: TypeRow[];
let cases: CaseRow[];
beforeAll(async () => {
  types = (await runProgram("matrix.py")) as TypeRow[];
  cases = (await runProgram("cases.py")) as CaseRow[];
}, 2 * limitMs);

async function runProgram(name: string): Promise<unknown[]> {
  await using server = await startHangar();
  const env = { PYTHONPATH: join(import.meta.dirname, "../support"), PYTHONDONTWRITEBYTECODE: "1" };
  const args = [join(import.meta.dirname, name), server.location, server.repo];
  await using child = startChild(await ensurePython(), args, env);
  expect(await child.exit(limitMs), child.output()).toMatchObject({ exitCode: 0 });
  const lines = child.stdout().split("\n");
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as unknown);
}

describe("what is put comes back, and is read by others, as was expected", () => {
  test("of every type in every place", () => {
    expect(types.length).toBeGreaterThan(300);
    for (const row of types) expectOutcome(row, expectedOfType(row.type, row.place), `${row.type} in ${row.place}`);
  });

  test("of every case", () => {
    const names = cases.map((row) => row.case);
    expect(Object.keys(expectedOfCases).filter((name) => !names.includes(name))).toEqual([]);
    for (const row of cases) expectOutcome(row, expectedOfCases[row.case] ?? {}, row.case);
  });
});

test("docs/types.md says so", () => expectDocumented("arrow", renderDocument(types, cases)));

function expectOutcome(actual: Outcome, expected: Outcome, name: string): void {
  const { itself = "=", hangar = "=", pyarrow = "=", duckdb = "=", polars = "=", message } = expected;
  if (hangar === "refused") {
    expect.soft(actual, name).toMatchObject({ itself, hangar, message: expect.stringContaining(message ?? "column ") });
  } else expect.soft(actual, name).toMatchObject({ itself, hangar, pyarrow, duckdb, polars });
}
