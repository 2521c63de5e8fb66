import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { writeFixture } from "../support/fixture.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { hangarProgram, startHangar, type TestServer } from "../support/server.ts";
import { runHangar } from "./run-hangar.ts";

const program = join(import.meta.dirname, "in-terminal.py");

describe("the command line in a terminal", () => {
  let server: TestServer;
  let folder: TemporaryFolder;
  const inTerminal = async (answer: string, ...args: string[]): Promise<string> => {
    const command = [program, answer, process.execPath, hangarProgram, ...args];
    const env = { ...process.env, HANGAR_URL: server.location };
    const { stdout } = await promisify(execFile)(await ensurePython(), command, { cwd: folder.path, env });
    return stdout.replaceAll("\r\n", "\n");
  };

  beforeAll(async () => {
    server = await startHangar();
    folder = await createTemporaryFolder();
    await writeFixture(join(folder.path, "large.parquet"), 500_000);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test("shows how far a put and a get are, and not among rows nor with --quiet", async () => {
    const bar = /large\.parquet .*100% .*500k rows .*rows\/s .*left/;
    expect(await inTerminal("", "put", "large.parquet")).toMatch(bar);
    expect(await inTerminal("", "get", "large.parquet", "-o", "got.csv")).toMatch(bar);
    expect((await readFile(join(folder.path, "got.csv"), "utf8")).split("\n")).toHaveLength(500_002);
    expect(await inTerminal("", "put", "large.parquet", "--quiet")).toBe("");
    expect(await inTerminal("", "get", "large.parquet", "--limit", "2")).toBe("n  text\n0  0\n1  1\n");
  });

  test("asks before it deletes", async () => {
    const names = async (): Promise<string> =>
      (await runHangar(["ls", "--format", "csv"], { url: server.location })).stdout;
    expect(await inTerminal("n", "rm", "large.parquet")).toContain("Delete large.parquet? [y/N]");
    expect(await names()).toContain("large.parquet");
    expect(await inTerminal("y", "rm", "large.parquet")).toContain("large.parquet: deleted");
    expect(await names()).toBe("name,rows,bytes\n");
  });
});
