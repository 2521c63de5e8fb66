import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { tableFromArrays, tableToIPC } from "apache-arrow";
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

  const shownByFailure = async (...args: string[]): Promise<string> =>
    await inTerminal("", ...args).then(
      () => "it did not fail",
      (error: { stdout: string }) => error.stdout,
    );

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

  test("escapes control characters of cells, names and messages, which a pipe gets as they are", async () => {
    const evil = tableFromArrays({ "n\u001b[31m": Int32Array.of(1), text: ["\u001b]0;title\u0007a\nb"] });
    await writeFile(join(folder.path, "evil.arrow"), tableToIPC(evil, "file"));
    await inTerminal("", "put", "evil.arrow");
    const shown = String.raw`n\u001b[31m  text
          1  \u001b]0;title\u0007a\nb
`;
    expect(await inTerminal("", "head", "evil.parquet")).toBe(shown);
    expect(await inTerminal("", "get", "evil.parquet", "--format", "csv")).toBe(
      String.raw`n\u001b[31m,text` + '\n1,"' + String.raw`\u001b]0;title\u0007a` + '\nb"\n',
    );
    const piped = await runHangar(["get", "evil.parquet", "--format", "csv"], { url: server.location });
    expect(piped.stdout).toBe('n\u001b[31m,text\n1,"\u001b]0;title\u0007a\nb"\n');
    expect(await shownByFailure("schema", "no\u001b[31m")).toContain(String.raw`no\u001b[31m`);
    await runHangar(["rm", "evil.parquet", "--yes"], { url: server.location });
  });

  test("stops a get to a terminal at 1,000 rows, and says so", async () => {
    const shown = (await inTerminal("", "get", "large.parquet")).split("\n");
    expect(shown).toHaveLength(1003);
    expect(shown[1001]).toMatch(/^These are the first 1,000 rows of 500,000\. Use --limit/);
    expect((await inTerminal("", "get", "large.parquet", "--limit", "1500")).split("\n")).toHaveLength(1502);
  });

  test("refuses binary formats on a terminal", async () => {
    expect(await shownByFailure("get", "large.parquet", "--format", "arrow")).toContain("the format arrow is binary");
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
