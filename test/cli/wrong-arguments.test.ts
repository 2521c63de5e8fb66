import { execFileSync } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { hangarProgram, startHangar, type TestServer } from "../support/server.ts";
import { runHangar, type CommandRun } from "./run-hangar.ts";

describe("wrong arguments of the command line", () => {
  let server: TestServer;
  let folder: TemporaryFolder;
  const hangar = async (...args: string[]): Promise<CommandRun> =>
    await runHangar(args, { url: server.url, cwd: folder.path });

  beforeAll(async () => {
    server = await startHangar();
    folder = await createTemporaryFolder();
    const table = tableFromArrays({ n: Int32Array.of(1, 2), "a,b": Int32Array.of(3, 4) });
    await writeFile(join(folder.path, "x.arrow"), tableToIPC(table, "file"));
    await hangar("put", "x.arrow", "t/x");
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test.each([
    [["mv", "", "archive/"], "an argument is empty: 'places'. The top folder of a server is grpc://HOST:PORT/"],
    [["cp", "t/x", ""], "an argument is empty: 'places'. The top folder of a server is grpc://HOST:PORT/"],
    [["rm", "t/x", "", "--yes"], "an argument is empty: 'names'"],
    [["get", "t/x", "-o", ""], "option '-o, --output <file>' is empty"],
    [["put", "x.arrow", "--as", ""], "option '--as <name>' is empty"],
    [["token", "new", ""], "an argument is empty: 'name'"],
    [["head", "t/x", "--where", ""], "option '--where <filter>' is empty"],
  ] as const)("%j is refused, because it is empty", async (args, words) => {
    expect(await hangar(...args)).toEqual({ exitCode: 2, stdout: "", stderr: `hangar: ${words}\n` });
  });

  test.each([
    [["head", "t/x", "--columns", ""], 2, /'--columns <names>' argument '' is invalid. It must be names/],
    [["head", "t/x", "--columns", "n,n"], 2, /'--columns <names>'.* It has "n" twice/],
    [["head", "t/x", "--columns", "m"], 67, /: dataset "t\/x": --columns has "m", which is not a column/],
    [["compact", "t", "--target-size", "1"], 2, /: --target-size must be from 1 KiB to 16 GiB\n/],
    [["compact", "t", "--older-than", "99999d"], 2, /: --older-than must be up to 49710 days\n/],
    [["compact", "t/*"], 2, /: compact takes a folder, t\/, or also the folders in it, 't\/\*\*'; not t\/\*\n/],
    [["ls", "--depth", "0"], 2, /'--depth <levels>' argument '0' is invalid. It must be a whole number from 1 to/],
    [["put", "x.arrow", "--append", "t", "--id", "a/b"], 2, /: --id: "a\/b" cannot identify an append/],
    [["put", "x.arrow", "--append", "t/*"], 2, /: --append takes the name of one folder; not t\/\*\n/],
    [["cp", "./x.arrow", "t/x"], 70, /: t\/x exists; use --replace to replace it/],
  ] as const)("%j is refused in the words of its flags", async (args, exitCode, words) => {
    expect(await hangar(...args)).toEqual({ exitCode, stdout: "", stderr: expect.stringMatching(words) });
  });

  test("a column whose name has a comma is chosen in quotes", async () => {
    expect((await hangar("get", "t/x", "--columns", '"a,b"', "--format", "csv")).stdout).toBe('"a,b"\n3\n4\n');
  });

  test("a put into a folder keeps the names of the files", async () => {
    expect((await hangar("put", "x.arrow", "into/")).stderr).toBe("into/x.parquet: 2 rows\n");
  });

  test.each(["get t/x -o", "put", "serve --repo"])("%s refuses a name that is not UTF-8", async (command) => {
    const before = await readdir(folder.path);
    // Node can pass only UTF-8; the shell makes other bytes.
    const line = `"$NODE" "$HANGAR" ${command} "$(printf 'a\\377.arrow')" 2>&1; echo $?`;
    const env = { ...process.env, HANGAR_URL: server.url, NODE: process.execPath, HANGAR: hangarProgram };
    const printed = execFileSync("sh", ["-c", line], { cwd: folder.path, env, encoding: "utf8" });
    expect(printed).toMatch(/^hangar: an argument is not UTF-8; .*\n2\n$/);
    expect(await readdir(folder.path)).toEqual(before);
  });
});
