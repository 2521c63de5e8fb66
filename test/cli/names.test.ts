import { readFile, readdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { tableFromArrays, tableFromIPC, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { startHangar, type TestServer } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";
import { runHangar, type CommandRun } from "./run-hangar.ts";

const input = tableToIPC(tableFromArrays({ n: Int32Array.of(1, 2, 3) }), "stream");
const names = ["a1", "a[1]", "geo/cities", "geo/europe/rivers"];

describe("datasets by folder and by pattern", () => {
  let server: TestServer;
  let folder: TemporaryFolder;
  const hangar = async (...args: string[]): Promise<CommandRun> =>
    await runHangar(args, { url: server.url, cwd: folder.path });
  const listed = async (...args: string[]): Promise<string[]> =>
    (await hangar("ls", "--format", "csv", ...args)).stdout.trim().split("\n").slice(1);

  beforeAll(async () => {
    server = await startHangar();
    folder = await createTemporaryFolder();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    const client = connect(server.url);
    for (const name of names) await client.put(name, input);
    client.close();
  });

  test("ls takes a folder, a name or a pattern", async () => {
    const namesOf = async (...args: string[]): Promise<string[]> =>
      (await listed(...args)).map((line) => line.split(",")[0] ?? "");
    expect(await namesOf()).toEqual(names);
    expect(await namesOf("geo")).toEqual(names.slice(2));
    expect(await namesOf("geo/")).toEqual(names.slice(2));
    expect(await namesOf("geo/*")).toEqual(["geo/cities"]);
    expect(await namesOf("a1")).toEqual(["a1"]);
  });

  test("a name that does not exist is an error with a suggestion", async () => {
    for (const [args, words] of [
      [["ls", "nowhere"], /^hangar: there is no dataset and no folder "nowhere" \(not_found\)\n$/],
      [["info", "geo/citys"], /there is no dataset "geo\/citys"; did you mean geo\/cities\? \(not_found\)/],
      [["get", "geo"], /it is a folder: write 'geo\/\*\*'/],
      [["rm", "geo/", "--yes"], /it is a folder: write 'geo\/\*\*'/],
    ] as const) {
      // A name is suggested if the server answers in two seconds, which a busy machine may not do.
      await expect.poll(() => hangar(...args)).toMatchObject({ stdout: "", stderr: expect.stringMatching(words) });
      expect((await hangar(...args)).exitCode).toBeGreaterThan(64);
    }
  });

  test("ls -l shows columns and the time of the last change", async () => {
    const [line = ""] = await listed("-l", "geo/cities");
    const [name, rows, , columns, changed = ""] = line.split(",");
    expect([name, rows, columns]).toEqual(["geo/cities", "3", "1"]);
    expect(Date.parse(changed)).toBeGreaterThan(Date.now() - 600_000);
    expect((await hangar("ls", "-l", "geo/cities")).stdout).toMatch(/changed\n.* \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\n$/);
  });

  test("ls --tree shows folders with their sums, and has whole names in other formats", async () => {
    const { stdout } = await hangar("ls", "--tree", "geo");
    expect(stdout.split("\n").map((line) => line.replace(/\d[\d.]* k?B$/, "B").replaceAll(/ +/g, " "))).toEqual([
      "name datasets rows bytes",
      "geo/ 2 6 B",
      "├── cities 3 B",
      "└── europe/ 1 3 B",
      " └── rivers 3 B",
      "",
    ]);
    expect((await listed("--tree", "geo")).map((line) => line.split(",").slice(0, 3).join())).toEqual([
      "geo/,2,6",
      "geo/cities,,3",
      "geo/europe/,1,3",
      "geo/europe/rivers,,3",
    ]);
    expect((await listed("--depth", "1")).map((line) => line.split(",")[0])).toEqual(["a1", "a[1]", "geo/"]);
  });

  test("get writes what a pattern matches into a folder", async () => {
    const { exitCode, stderr } = await hangar("get", "geo/**", "-o", "got/");
    expect([exitCode, stderr]).toEqual([0, "got/geo/cities.parquet: 3 rows\ngot/geo/europe/rivers.parquet: 3 rows\n"]);
    expect((await hangar("get", "geo/c*", "a1", "-o", "got", "--format", "arrow", "--quiet")).stderr).toBe("");
    const files = await readdir(join(folder.path, "got"), { recursive: true });
    expect(files.filter((file) => file.includes(".")).toSorted()).toEqual([
      "a1.arrow",
      "geo/cities.arrow",
      "geo/cities.parquet",
      "geo/europe/rivers.parquet",
    ]);
    expect(tableFromIPC(await readFile(join(folder.path, "got/a1.arrow"))).numRows).toBe(3);
  });

  test("get reads what a pattern matches as one dataset, and refuses several datasets", async () => {
    expect((await hangar("get", "geo/*", "--format", "csv")).stdout).toBe("n\n1\n2\n3\n");
    const all = await hangar("get", "geo/**", "--format", "csv", "--where", "n > 1");
    expect(all.stdout).toBe("n\n2\n3\n2\n3\n");
    expect((await hangar("get", "geo/**", "-o", "all.arrow")).exitCode).toBe(0);
    expect(tableFromIPC(await readFile(join(folder.path, "all.arrow"))).numRows).toBe(6);
    expect((await hangar("head", "geo/**", "-n", "4", "--format", "csv")).stdout).toBe("n\n1\n2\n3\n1\n");
    expect(JSON.parse((await hangar("info", "geo/**", "--json")).stdout)).toMatchObject({ rows: 6, columns: 1 });
    const several = await hangar("get", "geo/{cities,europe/rivers}");
    expect([several.exitCode, several.stderr]).toEqual([2, "hangar: 2 datasets need a folder: -o FOLDER/\n"]);
    expect(await hangar("get", "none*", "-o", "got")).toMatchObject({ exitCode: 69 });
  });

  test("get goes on with the others when one fails", async () => {
    const { exitCode, stderr } = await hangar("get", "nowhere", "a1", "-o", "others/");
    expect([exitCode, stderr.split("\n")]).toEqual([
      69,
      [expect.stringMatching(/"nowhere"/), "others/a1.parquet: 3 rows", "hangar: 1 of 2 datasets failed", ""],
    ]);
  });

  test("rm deletes what a pattern matches, and a dataset of just this name before others", async () => {
    expect((await hangar("rm", "a[1]", "--yes")).stderr).toBe("a[1]: deleted\n");
    expect((await hangar("rm", "a[1]", "--yes")).stderr).toBe("a1: deleted\n");
    const { exitCode, stderr } = await hangar("rm", "geo/**", "nowhere", "--yes");
    expect(exitCode).toBe(69);
    expect(stderr).toMatch(/^geo\/cities: deleted\ngeo\/europe\/rivers: deleted\n.*nowhere.*\nhangar: 1 of 3/s);
    expect(await listed()).toEqual([]);
  });

  test("open starts the browser with the page of a dataset", async () => {
    await writeFile(join(folder.path, "xdg-open"), `#!/bin/sh\necho "$1" >opened\n`, { mode: 0o755 });
    const path = `${folder.path}${delimiter}${process.env["PATH"]}`;
    const env = { PATH: path, DISPLAY: ":0" };
    const run = await runHangar(["open", "geo/cities"], { url: server.location, cwd: folder.path, env });
    const page = `${server.url}/?dataset=geo%2Fcities\n`;
    expect(run).toEqual({ exitCode: 0, stdout: page, stderr: "" });
    await waitUntil("the browser was started", async () => (await readdir(folder.path)).includes("opened"));
    expect(await hangar("open", "nowhere")).toMatchObject({ exitCode: 69, stdout: "" });
    const alone = await runHangar(["open"], { url: server.location, env: { DISPLAY: "", WAYLAND_DISPLAY: "" } });
    expect(alone).toMatchObject({ exitCode: 0, stdout: `${server.url}/\n`, stderr: expect.stringMatching(/browser/) });
  });

  test("flags of a server may stand before the command", async () => {
    await writeFile(join(folder.path, "token"), "anything");
    expect(await hangar("--token-file", "token", "--json", "ls", "a1")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\[\n\{"name":"a1"/),
    });
    const refused = await hangar("--token-file", "token", "password");
    expect([refused.exitCode, refused.stderr]).toEqual([2, "hangar: password has no --token-file\n"]);
  });
});
