import { execFile, execFileSync } from "node:child_process";
import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { tableFromArrays, tableFromIPC, tableToIPC, type Table } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { startHangar, startRecipe, type TestServer } from "../support/server.ts";
import { runHangar, type CommandRun } from "./run-hangar.ts";

const table = tableFromArrays({ city: ["Lima", "Oslo", "Lima"], n: Int32Array.of(1, 2, 3) });

describe.each([
  ["Hangar", startHangar],
  ["the recipe's own server", startRecipe],
])("the command line, against %s", (title, start) => {
  let server: TestServer;
  let folder: TemporaryFolder;
  const hangar = async (...args: string[]): Promise<CommandRun> =>
    await runHangar(args, { url: server.location, cwd: folder.path });
  const mustPrint = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await hangar(...args);
    expect([exitCode, stderr]).toEqual([0, stderr]);
    return stdout;
  };

  beforeAll(async () => {
    server = await start();
    folder = await createTemporaryFolder();
    await writeFile(join(folder.path, "cities.arrow"), tableToIPC(table, "file"));
    await writeFile(join(folder.path, "cities.arrows"), tableToIPC(table, "stream"));
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test("puts an Arrow file and an Arrow stream, by name or without, and gets them as Arrow", async () => {
    expect(await hangar("put", "cities.arrow")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "cities.parquet: 3 rows\n",
    });
    expect(await mustPrint("put", "cities.arrows", "streamed", "--json")).toBe('{"name":"streamed","rows":3}\n');
    for (const file of ["got.arrow", "got.arrows"]) {
      await mustPrint("get", "streamed", "-o", file);
      expect(String(await readTable(file))).toBe(String(table));
    }
  });

  test("puts from standard input what it has put on standard output, as Arrow and as Parquet", async () => {
    for (const format of ["arrow", "parquet"]) {
      // Only Hangar servers tell that the second put replaces the first.
      const result = title === "Hangar" && format === "parquet" ? " (replaced)" : "";
      await mustPrint("get", "cities.parquet", "-o", "piped", "--format", format);
      const input = await readFile(join(folder.path, "piped"));
      const put = await runHangar(["put", "-", "piped"], { url: server.location, cwd: folder.path, input });
      expect(put.stderr).toBe(`piped: 3 rows${result}\n`);
      expect(await mustPrint("get", "piped", "--format", "csv")).toBe("city,n\nLima,1\nOslo,2\nLima,3\n");
    }
  });

  test("gets CSV for spreadsheets", async () => {
    const printed = await mustPrint("get", "cities.parquet", "--format", "csv", "--bom", "--guard-formulas");
    expect(printed).toBe("\uFEFFcity,n\nLima,1\nOslo,2\nLima,3\n");
    const refused = await hangar("get", "cities.parquet", "--format", "ndjson", "--bom");
    expect([refused.exitCode, refused.stderr]).toEqual([67, expect.stringContaining("need CSV")]);
  });

  test("lists, describes and shows", async () => {
    const listed = (await mustPrint("ls", "--format", "ndjson")).trim().split("\n");
    expect(listed.map((line) => JSON.parse(line) as object)).toEqual(
      expect.arrayContaining(
        ["cities.parquet", "piped", "streamed"].map((name) => expect.objectContaining({ name, rows: 3 })),
      ),
    );
    expect(await mustPrint("ls")).toMatch(/^name +rows +bytes\n.*cities\.parquet +3 +\S+ k?B\n/s);
    expect(JSON.parse(await mustPrint("info", "streamed", "--json"))).toMatchObject({ name: "streamed", columns: 2 });
    expect(await mustPrint("schema", "streamed", "--format", "csv")).toMatch(/^name,type,nullable\ncity,.*\nn,int32,/);
    expect(await mustPrint("head", "streamed", "-n", "2")).toBe("city  n\nLima  1\nOslo  2\n");
    expect(await mustPrint("head", "streamed", "-n", "1", "--json")).toBe('[\n{"city":"Lima","n":1}\n]\n');
    expect(await mustPrint("head", "streamed", "-n", "0", "--json")).toBe("[]\n");
  });

  test("deletes with --yes only, and says with its exit code that something is not there", async () => {
    expect(await hangar("rm", "streamed")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--yes") });
    expect(await hangar("rm", "stream*", "piped", "*.parquet", "--yes")).toMatchObject({ exitCode: 0 });
    expect(await mustPrint("ls", "--format", "csv")).toBe("name,rows,bytes\n");
    const missing = await hangar("get", "streamed", "-o", "missing.csv", "--json");
    expect(missing.exitCode).toBeGreaterThan(64);
    expect(JSON.parse(missing.stderr)).toMatchObject({ error: { message: expect.any(String) } });
    expect(await readdir(folder.path)).not.toContain("missing.csv");
  });

  async function readTable(name: string): Promise<Table> {
    return tableFromIPC(await readFile(join(folder.path, name)));
  }
});

describe("the command line, against Hangar", () => {
  let server: TestServer;
  let folder: TemporaryFolder;
  const hangar = async (...args: string[]): Promise<CommandRun> =>
    await runHangar(args, { url: server.location, cwd: folder.path });
  const python = async (program: string): Promise<void> => {
    await promisify(execFile)(await ensurePython(), ["-c", program], { cwd: folder.path });
  };

  beforeAll(async () => {
    server = await startHangar();
    folder = await createTemporaryFolder();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test("puts several Parquet files under their own names, and gives them back as they were", async () => {
    await python(`
import pyarrow as pa, pyarrow.parquet as pq
for name in ["a", "b"]:
    pq.write_table(pa.table({"name": [name, None], "n": pa.array([1, 2], pa.uint64())}), name + ".parquet")
`);
    expect((await hangar("put", "a.parquet", "b.parquet")).stderr).toBe("a.parquet: 2 rows\nb.parquet: 2 rows\n");
    expect(await hangar("put", "a.parquet", "--create")).toMatchObject({ exitCode: 64 + 6 });
    await hangar("get", "b.parquet", "-o", "back.parquet");
    await python(`
import pyarrow.parquet as pq
assert pq.read_table("back.parquet").equals(pq.read_table("b.parquet"))
`);
  });

  test("appends files to a folder, and one with an id once", async () => {
    const { exitCode, stderr } = await hangar("put", "--append", "log", "a.parquet", "b.parquet");
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^(log\/[0-9a-f-]{36}\.parquet: 2 rows\n){2}$/)]);
    const again = () => hangar("put", "a.parquet", "--append", "log/", "--id", "first", "--json");
    expect([(await again()).stdout, (await again()).stdout].map((line) => JSON.parse(line) as unknown)).toEqual([
      { name: "log/first.parquet", rows: 2 },
      { name: "log/first.parquet", rows: 0 },
    ]);
    const repeated = await hangar("put", "a.parquet", "--append", "log/", "--id", "first");
    expect(repeated.stderr).toBe("log/first.parquet: already stored\n");
    expect((await hangar("ls", "log", "--format", "ndjson")).stdout.trim().split("\n")).toHaveLength(3);
  });

  test("writes one dictionary into an Arrow file where the dataset has several", async () => {
    await python(`
import pyarrow as pa, pyarrow.parquet as pq
parts = [pa.table({
    "word": pa.array([f"{part}-{i % 9}" if i % 5 else None for i in range(90)]).dictionary_encode(),
    "nested": pa.array([[f"{part}"], []] * 45),
}) for part in range(3)]
schema = parts[0].schema
with pq.ParquetWriter("words.parquet", schema) as writer:
    for part in parts: writer.write_table(part)
`);
    await hangar("put", "words.parquet");
    expect(await hangar("get", "words.parquet", "-o", "words.arrow")).toMatchObject({
      exitCode: 0,
      stderr: "words.arrow: 270 rows\n",
    });
    await python(`
import pyarrow as pa, pyarrow.parquet as pq
got, put = pa.ipc.open_file("words.arrow").read_all(), pq.read_table("words.parquet")
got.validate(full=True)
assert pa.types.is_dictionary(got.schema.field("word").type)
assert got.to_pydict() == put.to_pydict()
`);
    const words = tableFromIPC(await readFile(join(folder.path, "words.arrow"))).getChild("word")!;
    expect([words.get(1), words.get(91), words.get(269)]).toEqual(["0-1", "1-1", "2-8"]);
  });

  test("gets a part", async () => {
    const args = ["--columns", "n", "--filter", "n > 1", "--limit", "5", "--format", "ndjson"];
    expect((await hangar("get", "a.parquet", ...args)).stdout).toBe('{"n":"2"}\n');
  });

  test.each([
    [["put", "nowhere.parquet"], 1, /ENOENT/],
    [["put", "-"], 2, /needs a name/],
    [["put", "a.parquet", "--id", "x"], 2, /--id needs --append/],
    [["put", "a.parquet", "b.parquet", "--append", "log", "--id", "x"], 2, /put one file with it/],
    [["put", "a.parquet", "--append", "log", "--create"], 2, /cannot be used with/],
    [["put", "words.txt"], 1, /words\.txt is neither a Parquet file nor Arrow data/],
    [["put", "words.csv"], 1, /words\.csv is neither .*; its columns have no types, so convert it first/],
    [["get", "a.parquet", "--format", "xml"], 2, /Allowed choices/],
    [["get", "a.parquet", "--limit", "-1"], 2, /whole number/],
    [["get", "a.parquet", "--filter", "n >"], 64 + 3, /invalid_argument/],
    [
      ["get", "a.parquet", "-o", "no/such/folder.csv"],
      1,
      /^hangar: no\/such\/folder\.csv: there is no folder no\/such \(ENOENT\)\n$/,
    ],
    [["get", "a.parquet", "-o", "x.xyz"], 2, /no format has the extension \.xyz; use one of \.parquet, \.arrow,/],
    [["get", "a.parquet", "-o", "plain"], 2, /no extension/],
    [["put", "."], 2, /^hangar: \. is a folder; for the files in it, add -r\n$/],
    [["put", "a.parquet", "gone.parquet"], 2, /gone\.parquet: there is no such file; .* write --as gone\.parquet/],
    [["put", "a.parquet", "--append", "log", "--as", "x"], 2, /cannot be used with/],
    [["put", "cut.parquet"], 1, /^hangar: cut\.parquet: .*does not end like a Parquet file/],
    [["put", "cut.arrows"], 1, /^hangar: cut\.arrows: the stream ended inside a message\n$/],
    [["cp", "./cut.arrows", "x"], 1, /^hangar: \.\/cut\.arrows: the stream ended inside a message\n$/],
    [
      ["put", "-dash.parquet"],
      2,
      /^hangar: unknown option '-dash\.parquet'; for the file, write \.\/-dash\.parquet\n$/,
    ],
    [["put", "packed.arrows.gz"], 1, /^hangar: packed\.arrows\.gz is compressed with gzip; decompress it first\n$/],
    [["put", "a.parquet", "./a.parquet"], 2, /would both become a\.parquet/],
    [["ls", "a1", "a2"], 2, /^hangar: too many arguments for 'ls'\. .*: a1, a2\. Put a pattern in quotes\.\n$/],
    [["serve", "srv"], 2, /The folder to serve is --repo FOLDER\.\n$/],
    [["ls", "--url", "not a url"], 2, /It must be an address/],
    [["ls", "--url", "localhost:8815"], 2, /Did you mean grpc:\/\/localhost:8815\?/],
    [
      ["ls", "--url", "grpc://127.0.0.1:1"],
      64 + 14,
      /no server at http:\/\/127\.0\.0\.1:1 .*; start one with `hangar serve`/,
    ],
    [
      ["cp", "./-dash.parquet/x.parquet", "x"],
      1,
      /^hangar: \.\/-dash\.parquet\/x\.parquet: a part of its path is not a folder/,
    ],
    [["ls", "--tls-ca", "nofile"], 1, /^hangar: --tls-ca nofile: there is no such file/],
    [["ls", "--tls-ca", "words.txt"], 2, /^hangar: --tls-ca words\.txt: there is no certificate in PEM/],
    [["ls", "--token-file", "nofile"], 1, /^hangar: --token-file nofile: there is no such file/],
  ])("%j fails with %i", async (args, exitCode, stderr) => {
    await writeFile(join(folder.path, "words.txt"), "neither of them");
    await writeFile(join(folder.path, "words.csv"), "a,b\n1,2\n");
    const stream = tableToIPC(table, "stream");
    await writeFile(join(folder.path, "-dash.parquet"), "PAR1");
    await writeFile(join(folder.path, "cut.arrows"), stream.subarray(0, -40));
    await writeFile(join(folder.path, "packed.arrows.gz"), gzipSync(stream));
    await writeFile(join(folder.path, "cut.parquet"), "PAR1 and not much else");
    expect(await hangar(...args)).toMatchObject({ exitCode, stdout: "", stderr: expect.stringMatching(stderr) });
  });

  test("puts the other files when one fails, and names that one", async () => {
    await writeFile(join(folder.path, "broken.parquet"), "PAR1 and not much else");
    const { exitCode, stdout, stderr } = await hangar("put", "b.parquet", "broken.parquet", "nowhere", "a.parquet");
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr.trim().split("\n")).toEqual([
      "b.parquet: 2 rows (replaced)",
      expect.stringMatching(/^hangar: broken\.parquet: /),
      "hangar: nowhere: there is no such file or folder (ENOENT)",
      "a.parquet: 2 rows (replaced)",
      "hangar: 2 of 4 files failed",
    ]);
  });

  test("with --format and --json, the data has the format, and errors are JSON", async () => {
    const args = ["head", "a.parquet", "-n", "1", "--columns", "n", "--format", "csv", "--json"];
    expect(await hangar(...args)).toEqual({ exitCode: 0, stdout: "n\n1\n", stderr: "" });
    const { exitCode, stderr } = await hangar("info", "nowhere", "--format", "csv", "--json");
    expect([exitCode, JSON.parse(stderr)]).toEqual([69, { error: expect.objectContaining({ code: "not_found" }) }]);
  });

  test("puts a file under a name that looks like a file", async () => {
    expect((await hangar("put", "a.parquet", "--as", "gone.parquet")).stderr).toBe("gone.parquet: 2 rows\n");
  });

  test("writes into a FIFO, and into standard output by its name", async () => {
    execFileSync("mkfifo", [join(folder.path, "fifo")]);
    const reading = readFile(join(folder.path, "fifo"), "utf8");
    const select = ["get", "a.parquet", "--columns", "n", "--format", "csv", "-o"];
    expect(await hangar(...select, "fifo")).toMatchObject({ exitCode: 0, stderr: "fifo: 2 rows\n" });
    expect(await reading).toBe("n\n1\n2\n");
    // Not the system's: these tests may run as root, and a fault would replace it.
    await symlink("/proc/self/fd/1", join(folder.path, "out"));
    expect(await hangar(...select, "out")).toMatchObject({ exitCode: 0, stdout: "n\n1\n2\n", stderr: "out: 2 rows\n" });
  });

  test("prints an object for each file that --json reports, in the format of the file", async () => {
    const got = await hangar("get", "a.parquet", "-o", "reported.csv", "--json");
    expect([got.exitCode, JSON.parse(got.stdout)]).toEqual([0, { name: "a.parquet", path: "reported.csv", rows: 2 }]);
    expect(await readFile(join(folder.path, "reported.csv"), "utf8")).toMatch(/^name,n\n/);
    const each = await hangar("get", "a.parquet", "-o", "reported/", "--json");
    expect([JSON.parse(each.stdout), each.stderr]).toEqual([
      { name: "a.parquet", path: "reported/a.parquet", rows: 2 },
      "",
    ]);
    const removed = await hangar("rm", "gone.parquet", "--yes", "--json");
    expect([JSON.parse(removed.stdout), removed.stderr]).toEqual([{ name: "gone.parquet", deleted: true }, ""]);
    const noBrowser = { url: server.url, env: { DISPLAY: "", WAYLAND_DISPLAY: "" } };
    expect(JSON.parse((await runHangar(["open", "--json"], noBrowser)).stdout)).toEqual({ url: `${server.url}/` });
  });

  test("takes empty variables for unset", async () => {
    const env = { HANGAR_TOKEN: "", HANGAR_USER: "", HANGAR_TLS_CA: "" };
    const run = await runHangar(["ls", "--url", server.url, "--quiet"], { url: "", env });
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("takes --url before the command, too; the later one wins", async () => {
    const nobody = "grpc://127.0.0.1:1";
    const run = async (...args: string[]): Promise<number | null> => (await runHangar(args, { url: nobody })).exitCode;
    expect(await run("--url", server.url, "ls")).toBe(0);
    expect(await run("--url", nobody, "ls", "--url", server.url)).toBe(0);
    expect(await run("--url", server.url, "password")).toBe(2);
  });

  test("says in one sentence that a server has no TLS", async () => {
    const { exitCode, stderr } = await hangar("ls", "--url", server.url.replace("http:", "https:"));
    expect([exitCode, stderr]).toEqual([78, expect.stringMatching(/^hangar: \S+ does not answer with TLS; [^\n]*\n$/)]);
  });
});
