import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { startChild } from "./child.ts";
import type { TestServer } from "./server.ts";

/** How long all checks of one Python file may take together. */
const fileLimitMs = 180_000;

/**
 * A suite out of a Python file of checks (see checks.py): each of its `check_…` functions is one counted test, run
 * in the file's order against one server. A check that never ends fails, and so do those after it.
 */
export function describeChecks(title: string, file: string, start: () => Promise<TestServer>): void {
  const names = [...readFileSync(file, "utf8").matchAll(/^def (check_\w+)/gm)].map((match) => match[1] ?? "");
  describe(title, () => {
    let server: TestServer | undefined;
    let result: Result;
    beforeAll(async () => {
      server = await start();
      result = await runChecks(file, server);
    }, fileLimitMs + 30_000);
    afterAll(() => server?.[Symbol.asyncDispose]());
    test.each(names.map((name) => [name.slice("check_".length).replaceAll("_", " "), name]))("%s", (_title, name) => {
      const error = result.errors.get(name) ?? `did not end; the program printed:\n${result.output}`;
      expect(error, `the server printed:\n${server?.child.output()}`).toBe("");
    });
  });
}

interface Result {
  /** The error of each check that has ended; empty where it passed. */
  readonly errors: ReadonlyMap<string, string>;
  /** All that the Python program printed. */
  readonly output: string;
}

async function runChecks(file: string, server: TestServer): Promise<Result> {
  const env = {
    PYTHONPATH: `${import.meta.dirname}:${join(import.meta.dirname, "../types")}`,
    PYTHONDONTWRITEBYTECODE: "1",
  };
  await using child = startChild(await ensurePython(), [file, server.location, server.repo], env);
  await child.exit(fileLimitMs).catch(() => {});
  const errors = new Map<string, string>();
  for (const line of child.stdout().split("\n")) {
    if (!line.startsWith('{"check"')) continue;
    const result = JSON.parse(line) as { check: string; error: string };
    errors.set(result.check, result.error);
  }
  return { errors, output: child.output() };
}
