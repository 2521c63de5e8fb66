import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { startChild } from "../support/child.ts";
import { startHangar } from "../support/server.ts";
import { expectDocumented } from "./document.ts";
import { renderParquetTypes, type ParquetRow } from "./render-parquet.ts";

/** Ends what hangs: it takes about half a minute. */
const limitMs = 400_000;

let rows: ParquetRow[];
beforeAll(async () => {
  rows = await runProgram();
}, limitMs + 30_000);

async function runProgram(): Promise<ParquetRow[]> {
  await using server = await startHangar();
  const env = { PYTHONPATH: join(import.meta.dirname, "../support"), PYTHONDONTWRITEBYTECODE: "1" };
  const args = [join(import.meta.dirname, "logical_types.py"), server.location, server.repo];
  await using child = startChild(await ensurePython(), args, env);
  expect(await child.exit(limitMs), child.output()).toMatchObject({ exitCode: 0 });
  const lines = child.stdout().split("\n");
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as ParquetRow);
}

/** Whether rows are those of pyarrow, or those of DuckDB, which reads some types by one of their annotations alone. */
function isReadByOthers(row: ParquetRow): boolean {
  const { type, place, hangar } = row;
  const forms = rows.filter((each) => each.type === type && each.place === place && each.hangar === hangar);
  return row.pyarrow === "=" || forms.some(({ duckdb }) => duckdb === "=");
}

test("every type of Parquet's own is read as pyarrow or DuckDB reads it, or refused", () => {
  expect(rows.length).toBeGreaterThan(900);
  expect(rows.filter((row) => row.hangar !== "refused" && !isReadByOthers(row))).toEqual([]);
});

test("a refusal names the column", () => {
  const refused = rows.filter((row) => row.hangar === "refused");
  expect(refused.filter(({ message }) => !/column "v[."]/.test(message))).toEqual([]);
});

test("what Hangar alone refuses are decimals of more digits than their physical type has", () => {
  const alone = rows.filter((row) => row.hangar === "refused" && row.pyarrow !== "refused" && row.duckdb !== "refused");
  expect(alone.filter(({ message }) => !message.includes("which has at most"))).toEqual([]);
});

test("docs/types.md says so", () => expectDocumented("parquet", renderParquetTypes(rows)));
