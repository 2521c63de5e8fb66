import { execFileSync } from "node:child_process";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays, tableFromIPC, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { startHangar, startRecipe, type TestServer } from "../support/server.ts";
import { runHangar, type CommandRun } from "./run-hangar.ts";

const table = tableFromArrays({ city: ["Lima", "Oslo"], n: Int32Array.of(1, 2) });

describe("hangar cp and mv", () => {
  let [here, there, recipe]: TestServer[] = [];
  let folder: TemporaryFolder;
  const hangar = async (...args: string[]): Promise<CommandRun> =>
    await runHangar(args, { url: here!.url, cwd: folder.path });
  /** Returns the names and values of all datasets of a server. */
  const datasetsOf = async (server: TestServer): Promise<Record<string, string>> => {
    const client = connect(server.location);
    const found: Record<string, string> = {};
    for await (const { name } of client.list()) found[name] = String(await client.get(name).table());
    client.close();
    return found;
  };
  const eachIs = (...names: string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, String(table)]));

  beforeAll(async () => {
    [here, there, recipe] = await Promise.all([startHangar(), startHangar(), startRecipe()]);
    folder = await createTemporaryFolder();
    await mkdir(join(folder.path, "local/deep"), { recursive: true });
    for (const name of ["local/a.arrow", "local/deep/b.arrow"]) {
      await writeFile(join(folder.path, name), tableToIPC(table, "file"));
    }
  });
  afterAll(async () => {
    for (const each of [here, there, recipe, folder]) await each?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    for (const [server, names] of [
      [here!, ["geo/a", "geo/deep/b", "top"]],
      [there!, []],
      [recipe!, []],
    ] as const) {
      const client = connect(server.location);
      for await (const { name } of client.list()) await client.drop(name);
      for (const name of names) await client.put(name, table);
      client.close();
    }
  });

  test("copy within a server, and refuse what exists unless it is to be replaced", async () => {
    expect(await hangar("cp", "top", "geo/a", "x/")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "top → x/top: 2 rows\ngeo/a → x/a: 2 rows\n",
    });
    const again = await hangar("cp", "nowhere", "top", "geo/deep/b", "x/");
    expect([again.exitCode, again.stderr.split("\n")]).toEqual([
      69,
      [
        expect.stringMatching(/"nowhere"/),
        "hangar: x/top exists; use --replace to replace it (already_exists)",
        "geo/deep/b → x/b: 2 rows",
        "hangar: 2 of 3 items failed",
        "",
      ],
    ]);
    expect(await hangar("cp", "top", "x/top", "--replace", "--json")).toEqual({
      exitCode: 0,
      stdout: '{"from":"top","to":"x/top","rows":2}\n',
      stderr: "",
    });
    expect(await datasetsOf(here!)).toEqual(eachIs("geo/a", "geo/deep/b", "top", "x/a", "x/b", "x/top"));
  });

  test("copy folders and patterns between servers", async () => {
    expect(await hangar("cp", "geo/", `${there!.location}/g/`, "--quiet")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await hangar("mv", "geo/d*/*", there!.location, "--quiet")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await datasetsOf(there!)).toEqual(eachIs("deep/b", "g/a", "g/deep/b"));
    expect(Object.keys(await datasetsOf(here!))).toEqual(["geo/a", "top"]);
  });

  test("copy and move files and folders of this machine, in both directions", async () => {
    expect(await hangar("cp", "./local/", "./local/a.arrow", "in/")).toMatchObject({ exitCode: 2 });
    expect(await hangar("cp", "./local/", "in/", "--quiet")).toMatchObject({ exitCode: 0 });
    expect(await datasetsOf(here!)).toMatchObject(eachIs("in/a.parquet", "in/deep/b.parquet"));
    expect(await hangar("mv", "in/", "./out/")).toMatchObject({ exitCode: 0 });
    expect(await hangar("mv", "./out/a.parquet", "back")).toMatchObject({ exitCode: 0 });
    expect(await readdir(join(folder.path, "out"), { recursive: true })).toEqual(["deep", "deep/b.parquet"]);
    expect(await datasetsOf(here!)).toEqual(eachIs("back", "geo/a", "geo/deep/b", "top"));
    expect(await hangar("mv", "top", "./top.arrow", "--quiet")).toMatchObject({ exitCode: 0 });
    expect(String(tableFromIPC(await readFile(join(folder.path, "top.arrow"))))).toBe(String(table));
    expect(await hangar("cp", "geo/a", "./top.arrow")).toMatchObject({ exitCode: 70 });
    execFileSync("mkfifo", [join(folder.path, "fifo.arrow")]);
    const fifo = await hangar("mv", "geo/a", "./fifo.arrow", "--replace");
    expect([fifo.exitCode, fifo.stderr]).toEqual([2, expect.stringContaining("not a regular file")]);
    await writeFile(join(folder.path, "feath.feather"), "");
    const file = await hangar("cp", "feath.feather", "x/");
    expect([file.exitCode, file.stderr]).toEqual([
      69,
      expect.stringContaining("did you mean the file ./feath.feather?"),
    ]);
    const csv = await hangar("mv", "geo/a", "./a.csv");
    expect([csv.exitCode, csv.stderr]).toEqual([2, expect.stringContaining("cannot keep the types")]);
  });

  test("copy from and to a server that is not Hangar", async () => {
    const other = `${recipe!.location}/copied`;
    expect(await hangar("mv", "top", other)).toMatchObject({ exitCode: 0 });
    expect(await hangar("cp", "geo/a", other)).toMatchObject({ exitCode: 70, stderr: expect.stringMatching(/exists/) });
    expect(await hangar("cp", other, "from/")).toMatchObject({ exitCode: 0 });
    expect(Object.keys(await datasetsOf(here!))).toEqual(["from/copied", "geo/a", "geo/deep/b"]);
  });

  test("a move keeps a source that is its own destination by another address", async () => {
    const self = `http://localhost:${here!.port}/top`;
    const { exitCode, stderr } = await hangar("mv", self, "top", "--replace");
    expect([exitCode, stderr]).toEqual([1, `hangar: ${self} has changed meanwhile; kept it\n`]);
    expect(await datasetsOf(here!)).toMatchObject(eachIs("top"));
  });

  test("put -r puts a folder under its name", async () => {
    expect((await hangar("put", "-r", "local")).stderr).toBe("local/a.parquet: 2 rows\nlocal/deep/b.parquet: 2 rows\n");
    expect(await datasetsOf(here!)).toMatchObject(eachIs("local/a.parquet", "local/deep/b.parquet"));
  });
});
