import { execFile } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { startHangar, type TestServer } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";

const run = promisify(execFile);

type Body = string | Buffer<ArrayBuffer>;
const parquetType = "application/vnd.apache.parquet";

/** A table with text that a spreadsheet would compute. */
const formulas = Buffer.from(tableToIPC(tableFromArrays({ "=t": ["=1+1"], n: Int32Array.of(-1) }), "stream"));

let server: TestServer;
let folder: TemporaryFolder;
let parquet: Buffer<ArrayBuffer>;
let arrows: Buffer<ArrayBuffer>;
beforeAll(async () => {
  server = await startHangar("--cors-origin", "https://app.example");
  folder = await createTemporaryFolder();
  await run(await ensurePython(), [join(import.meta.dirname, "make.py"), folder.path]);
  parquet = await readFile(join(folder.path, "table.parquet"));
  arrows = await readFile(join(folder.path, "table.arrows"));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const urlOf = (name: string): string => `${server.url}/datasets/${name}`;

async function put(name: string, body: Body, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(urlOf(name), { method: "PUT", body, headers });
}

async function tagOf(name: string): Promise<string> {
  return (await fetch(urlOf(name), { method: "HEAD" })).headers.get("etag") ?? "";
}

/** What was put and is not a dataset. */
async function leftOvers(): Promise<string[]> {
  const names = await readdir(join(server.repo, ".hangar/uploads"), { recursive: true });
  return names.filter((name) => name.includes("/"));
}

describe("PUT", () => {
  test.each([
    ["of known length", ["-T", "table.parquet"], "a/b.parquet"],
    ["in chunks", ["-T", "-", "-H", "transfer-encoding: chunked"], "chunked.parquet"],
    ["over HTTP/2", ["--http2-prior-knowledge", "-T", "table.parquet"], "h2.parquet"],
  ])("keeps a Parquet file byte for byte: curl -T %s", async (_, args, name) => {
    const command = ["curl", "-s", "-w", "'%{http_code}'", ...args.map((each) => `'${each}'`), urlOf(name)].join(" ");
    const { stdout } = await run("sh", ["-c", `${command} < table.parquet`], { cwd: folder.path });
    expect(stdout).toBe("201");
    expect((await readFile(join(server.repo, name))).equals(parquet)).toBe(true);
  });

  test("makes a dataset of an Arrow stream, which a client of Flight gets", async () => {
    const created = await put("stream.parquet", arrows);
    expect(created.status).toBe(201);
    expect(created.headers.get("etag")).toBe(await tagOf("stream.parquet"));
    const program = `
import pyarrow as pa, pyarrow.flight as flight
client = flight.connect("${server.location}")
print(client.do_get(flight.Ticket(b"stream.parquet")).read_all().equals(pa.ipc.open_file("table.arrow").read_all()))`;
    const { stdout } = await run(await ensurePython(), ["-c", program], { cwd: folder.path });
    expect(stdout).toBe("True\n");
    expect((await put("stream.parquet", arrows)).status).toBe(204);
  });

  test("takes bytes that come slowly, one after the other", async () => {
    async function* slowly() {
      for (let at = 0; at < 3000; at++) yield parquet.subarray(at, at + 1);
      yield parquet.subarray(3000);
    }
    const body = ReadableStream.from(slowly());
    const answer = await fetch(urlOf("slow.parquet"), { method: "PUT", body, duplex: "half" });
    expect(answer.status).toBe(201);
    expect((await readFile(join(server.repo, "slow.parquet"))).equals(parquet)).toBe(true);
  });

  test.each<[string, () => Body, string]>([
    ["nothing", () => "", "a Parquet file or an Arrow IPC stream"],
    ["text", () => "id,city\n1,Lima\n", "this is neither"],
    ["the beginning of a Parquet file", () => parquet.subarray(0, 5000), "does not end as a Parquet file"],
    ["a Parquet file without its middle", () => without(parquet, 100_000), "cannot be read"],
    ["a Parquet file with pages of nonsense", () => garbled(parquet), "cannot be read"],
    ["the beginning of an Arrow stream", () => arrows.subarray(0, 5000), "ended inside a message"],
    ["an Arrow stream and more", () => Buffer.concat([arrows, Buffer.alloc(300_000)]), "there is more behind the end"],
    ["an Arrow file", () => Buffer.from("ARROW1\0\0"), "send its stream format"],
  ])("refuses %s, and stores nothing", async (_, body, words) => {
    const answer = await put("wrong.parquet", body());
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { code: "invalid_argument", message: expect.stringContaining(words) },
    ]);
    expect((await fetch(urlOf("wrong.parquet"))).status).toBe(404);
    expect(await leftOvers()).toEqual([]);
  });

  test("that is cut stores nothing", async () => {
    for (const head of [`content-length: ${parquet.byteLength}`, "transfer-encoding: chunked"]) {
      const socket = connect(server.port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(`PUT /datasets/cut.parquet HTTP/1.1\r\nhost: localhost\r\n${head}\r\n\r\n`);
      const rest = parquet.subarray(0, -10);
      socket.write(
        head.startsWith("content") ? rest : Buffer.concat([Buffer.from(`${rest.length.toString(16)}\r\n`), rest]),
      );
      await waitUntil("the upload has begun", async () => (await leftOvers()).length > 0);
      socket.destroy();
      await once(socket, "close");
      await waitUntil("the upload is discarded", async () => (await leftOvers()).length === 0);
      expect((await fetch(urlOf("cut.parquet"))).status).toBe(404);
    }
  });

  test("under a condition is 412 where it is not met, and leaves what there is", async () => {
    const ifNew = { "if-none-match": "*" };
    expect((await put("once.parquet", parquet, { "if-match": "*" })).status).toBe(412);
    const created = await put("once.parquet", parquet, ifNew);
    expect(created.status).toBe(201);
    expect((await put("once.parquet", arrows, ifNew)).status).toBe(412);
    expect((await put("once.parquet", arrows, { "if-match": '"other"' })).status).toBe(412);
    expect((await readFile(join(server.repo, "once.parquet"))).equals(parquet)).toBe(true);
    const tag = created.headers.get("etag") ?? "";
    expect((await put("once.parquet", arrows, { "if-match": `"x", ${tag}` })).status).toBe(204);
    expect((await put("once.parquet", arrows, { "if-match": tag })).status).toBe(412);
  });

  test("by several who know one version replaces it once", async () => {
    await put("raced.parquet", parquet);
    const tag = await tagOf("raced.parquet");
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => put("raced.parquet", parquet, { "if-match": tag })),
    );
    const counts = [204, 412].map((wanted) => answers.filter(({ status }) => status === wanted).length);
    expect(counts).toEqual([1, 5]);
  });

  test.each([
    [{ "content-encoding": "gzip" }, "", 400],
    [{ "content-range": "bytes 0-3/10" }, "", 400],
    [{}, "?format=parquet", 400],
    [{}, "/below", 409],
  ])("with %j to %s is refused", async (headers, suffix, status) => {
    await put("plain.parquet", parquet);
    expect((await put(`plain.parquet${suffix}`, parquet, headers as Record<string, string>)).status).toBe(status);
  });
});

describe("GET", () => {
  beforeAll(async () => {
    await put("table.parquet", parquet);
  });

  test.each([
    ["bytes=0-3", 206, [0, 4]],
    ["bytes=-8", 206, [-8, undefined]],
    ["bytes=100-", 206, [100, undefined]],
    ["bytes=5-99999999", 206, [5, undefined]],
    ["bytes=0-3,10-20", 200, [0, undefined]],
    ["bytes=9-3", 200, [0, undefined]],
    ["rows=0-3", 200, [0, undefined]],
    ["bytes=99999999-", 416, [0, 0]],
  ])("of the range %s is %i", async (range, status, [start, end]) => {
    const answer = await fetch(urlOf("table.parquet"), { headers: { range } });
    expect(answer.status).toBe(status);
    expect(Buffer.from(await answer.arrayBuffer()).equals(parquet.subarray(start, end))).toBe(true);
  });

  test("and HEAD say what there is", async () => {
    for (const method of ["GET", "HEAD"]) {
      const answer = await fetch(urlOf("table.parquet"), { method });
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "accept-ranges": "bytes",
        "content-length": String(parquet.byteLength),
        "content-type": parquetType,
        "content-disposition": `attachment; filename="table.parquet"; filename*=UTF-8''table.parquet`,
        etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
        "last-modified": expect.stringMatching(/GMT$/),
        "x-content-type-options": "nosniff",
      });
      expect((await answer.arrayBuffer()).byteLength).toBe(method === "GET" ? parquet.byteLength : 0);
    }
  });

  test("of a part as Parquet gives a file of its own, which pyarrow reads as what was selected, and leaves nothing", async () => {
    const answer = await fetch(urlOf("table.parquet?format=parquet&column=city&column=id&filter=id >= 299990"));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "accept-ranges": "none",
      "content-length": expect.stringMatching(/^\d+$/),
      "content-type": parquetType,
      etag: expect.stringMatching(/^W\/"/),
    });
    await writeFile(join(folder.path, "part.parquet"), Buffer.from(await answer.arrayBuffer()));
    const program = `
import pyarrow.parquet as pq
whole = pq.read_table("table.parquet")
part = pq.read_table("part.parquet")
print(part.equals(whole.select(part.column_names).slice(299990)), part.num_rows, part.column_names)`;
    const { stdout } = await run(await ensurePython(), ["-c", program], { cwd: folder.path });
    expect(stdout).toBe("True 10 ['id', 'city']\n");
    const nothing = await fetch(urlOf("table.parquet?format=parquet&filter=id < 0"));
    expect(
      Buffer.from(await nothing.arrayBuffer())
        .subarray(-4)
        .toString(),
    ).toBe("PAR1");
    const head = await fetch(urlOf("table.parquet?format=parquet&limit=5"), { method: "HEAD" });
    expect([head.status, head.headers.get("content-type")]).toEqual([200, parquetType]);
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    const leaving = new AbortController();
    const asked = fetch(urlOf("table.parquet?format=parquet&filter=id >= 0"), { signal: leaving.signal });
    asked.catch(() => leave());
    leaving.abort();
    await left;
    await waitUntil("nothing is left", async () => (await leftOvers()).length === 0);
  });

  test.each(["--http1.1", "--http2-prior-knowledge"])(
    "gives the same bytes to who reads slowly, by curl %s",
    async (version) => {
      const args = ["-s", version, "--limit-rate", "8M", "-o", "slow", urlOf("table.parquet")];
      await run("curl", args, { cwd: folder.path });
      expect((await readFile(join(folder.path, "slow"))).equals(parquet)).toBe(true);
    },
  );

  test.each([
    ["?format=csv", null],
    ["?format=ndjson", null],
    ["?format=arrow", null],
    ["?format=parquet&limit=5", null],
    ["?limit=5", null],
    ["", "whole"],
    ["?format=parquet", "whole"],
    ["?nothing", "of the error"],
  ])("by HEAD of %j says the length where it is known, and only there: %s", async (query, known) => {
    for (const version of ["--http1.1", "--http2-prior-knowledge"]) {
      const { stdout } = await run("curl", ["-s", "-I", version, urlOf(`table.parquet${query}`)]);
      const length = /^content-length: (\d+)/im.exec(stdout)?.[1];
      if (known === null) expect(length).toBeUndefined();
      else if (known === "whole") expect(length).toBe(String(parquet.byteLength));
      else expect(Number(length)).toBeGreaterThan(0);
    }
  });

  test.each([
    ["table.parquet?format=csv&limit=1", "table.csv"],
    ["table.parquet?format=ndjson&limit=1", "table.ndjson"],
    ["table.parquet?format=arrow&limit=1", "table.arrows"],
    ["table.parquet", "table.parquet"],
    [`${encodeURIComponent('Łódź "é"%\'.parquet').replace("%5C", "")}?format=csv&limit=1`, "_odz _e__'.csv"],
  ])("of %s is saved by curl -OJ under the name %s", async (path, name) => {
    await put(path.split("?")[0]!, parquet);
    await using into = await createTemporaryFolder();
    await run("curl", ["-s", "-OJ", urlOf(path)], { cwd: into.path });
    expect(await readdir(into.path)).toEqual([name]);
  });

  test("under a condition is 304 or 412", async () => {
    const first = await fetch(urlOf("table.parquet"), { method: "HEAD" });
    const [tag, changed] = [first.headers.get("etag")!, first.headers.get("last-modified")!];
    const earlier = new Date(Date.parse(changed) - 5000).toUTCString();
    for (const [headers, status] of [
      [{ "if-none-match": tag }, 304],
      [{ "if-none-match": `W/${tag}` }, 304],
      [{ "if-none-match": "*" }, 304],
      [{ "if-none-match": '"other"' }, 200],
      [{ "if-modified-since": changed }, 304],
      [{ "if-modified-since": earlier }, 200],
      [{ "if-modified-since": "never" }, 200],
      [{ "if-none-match": '"other"', "if-modified-since": changed }, 200],
      [{ "if-match": tag }, 200],
      [{ "if-match": '"other"' }, 412],
      [{ "if-unmodified-since": earlier }, 412],
      [{ "if-unmodified-since": changed }, 200],
      [{ range: "bytes=0-3", "if-range": tag }, 206],
      [{ range: "bytes=0-3", "if-range": '"other"' }, 200],
      [{ range: "bytes=0-3", "if-range": changed }, 206],
      [{ range: "bytes=0-3", "if-range": earlier }, 200],
    ] as const) {
      const answer = await fetch(urlOf("table.parquet"), { headers, cache: "no-store" });
      expect(answer.status, JSON.stringify(headers)).toBe(status);
      await answer.arrayBuffer();
    }
  });

  test.each([
    ["", "*/*", 200, parquetType],
    ["", "text/html,application/xhtml+xml,*/*;q=0.8", 200, parquetType],
    ["?limit=1", "*/*", 200, "application/x-ndjson"],
    ["", "text/csv", 200, "text/csv"],
    ["", "text/csv;q=0.5, application/x-ndjson", 200, "application/x-ndjson"],
    ["", "application/vnd.apache.arrow.stream", 200, "application/vnd.apache.arrow.stream"],
    ["?format=csv", "application/x-ndjson", 200, "text/csv"],
    ["", "text/html", 406, null],
    ["?limit=1", parquetType, 200, parquetType],
    ["?limit=1", `${parquetType}, text/csv;q=0.5`, 200, parquetType],
    ["?limit=1", "application/octet-stream", 200, parquetType],
    ["?limit=1", "image/png", 406, null],
    ["?format=parquet&column=nothing", "*/*", 400, "application/json"],
  ])("of %s that accepts %s is %i, %s", async (query, accept, status, type) => {
    const answer = await fetch(urlOf(`table.parquet${query}`), { method: "HEAD", headers: { accept } });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, type]);
  });

  test("gives what is selected", async () => {
    const query = new URLSearchParams({ filter: "id in (7, 299999) and city is not null", columns: "id,city" });
    const text = await (await fetch(urlOf(`table.parquet?${query.toString()}`))).text();
    expect(text).toMatch(/^\{"id":"7","city":"\S+"\}\n\{"id":"299999","city":"\S+"\}\n$/);
    const csv = await fetch(urlOf("table.parquet?format=csv&column=id&offset=299998&limit=9"));
    expect(await csv.text()).toBe("id\n299998\n299999\n");
    expect(
      (await fetch(urlOf("table.parquet"), { headers: { "if-none-match": csv.headers.get("etag")! } })).status,
    ).toBe(200);
  });

  test("is CSV for spreadsheets, with an entity tag of its own", async () => {
    await put("=formulas.parquet", formulas);
    const answers = ["", "&bom=0", "&bom=1", "&guard=formulas", "&bom=1&guard=formulas"].map(async (query) => {
      const answer = await fetch(urlOf(`${encodeURIComponent("=formulas.parquet")}?format=csv${query}`));
      return [Buffer.from(await answer.arrayBuffer()).toString(), answer.headers.get("etag")] as const;
    });
    const [plain, off, bom, guard, both] = await Promise.all(answers);
    expect(plain![0]).toBe("=t,n\n=1+1,-1\n");
    expect(off![0]).toBe(plain![0]);
    expect(bom![0]).toBe("\uFEFF=t,n\n=1+1,-1\n");
    expect(guard![0]).toBe("'=t,n\n'=1+1,-1\n");
    expect(both![0]).toBe("\uFEFF'=t,n\n'=1+1,-1\n");
    expect(new Set([plain, bom, guard, both].map((each) => each![1])).size).toBe(4);
  });

  test.each([
    ["?format=ndjson&bom=1", '"bom" is for CSV alone, and the answer would be ndjson'],
    ["?format=parquet&guard=formulas", '"guard" is for CSV alone, and the answer would be parquet'],
    ["?bom=1", '"bom" is for CSV alone, and the answer would be parquet'],
    ["?format=csv&bom=yes", '"bom" must be 0 or 1'],
    ["?format=csv&guard=1", '"guard" must be formulas'],
  ])("refuses %s", async (query, message) => {
    const answer = await fetch(urlOf(`table.parquet${query}`));
    expect([answer.status, await answer.json()]).toEqual([400, { code: "invalid_argument", message }]);
  });

  test("of a part has a weak entity tag of its own", async () => {
    const first = await fetch(urlOf("table.parquet?limit=1"));
    const tag = first.headers.get("etag")!;
    expect(tag).toMatch(/^W\/"/);
    const statuses = ["limit=1", "limit=2"].map(async (query) => {
      return (await fetch(urlOf(`table.parquet?${query}`), { headers: { "if-none-match": tag } })).status;
    });
    expect(await Promise.all(statuses)).toEqual([304, 200]);
  });

  test.each([
    ["nope", 404, "there is no dataset"],
    ["..%2Fsecret", 400, "an encoded /"],
    ["%ff", 400, "percent encoding"],
    ["table.parquet?limit=-1", 400, '"limit" must be a whole number'],
    ["table.parquet?limit=1&limit=2", 400, "twice"],
    ["table.parquet?rows=1", 400, 'no parameter "rows"'],
    ["table.parquet?format=xml", 400, '"format" must be one of'],
    ["table.parquet?format=parquet&column=nothing", 400, "which is no column"],
    ["table.parquet?columns=nope", 400, "no column of the dataset"],
    ["table.parquet?filter=id%20>", 400, "at character 5"],
  ])("of %s is %i", async (name, status, words) => {
    const answer = await fetch(urlOf(name));
    expect([answer.status, await answer.json()]).toEqual([
      status,
      { code: expect.any(String), message: expect.stringContaining(words) },
    ]);
  });

  test("that is left closes its file, and one of a dropped dataset goes on", async () => {
    await put("held.parquet", parquet);
    const held = await fetch(urlOf("held.parquet?format=csv"));
    expect((await fetch(urlOf("held.parquet"), { method: "DELETE" })).status).toBe(204);
    expect((await held.text()).split("\n")).toHaveLength(300_002);
    const left = await fetch(urlOf("table.parquet?format=csv"));
    await left.body?.cancel();
    const files = async () => (await readdir(`/proc/${server.child.pid}/fd`)).length;
    const before = await files();
    for (let i = 0; i < 20; i++) await (await fetch(urlOf("table.parquet?format=ndjson"))).body?.cancel();
    await waitUntil("the files are closed", async () => (await files()) <= before + 5);
  });

  test("of a file that is changed in place is cut", async () => {
    const big = Buffer.concat(Array.from({ length: 30 }, () => parquet));
    await writeFile(join(server.repo, "changed.parquet"), big);
    await writeFile(join(server.repo, "changed.parquet"), Buffer.concat([big, parquet]));
    const answer = await fetch(urlOf("changed.parquet"));
    await writeFile(join(server.repo, "changed.parquet"), parquet);
    await expect(answer.arrayBuffer()).rejects.toThrow("terminated");
  });
});

describe("DELETE", () => {
  test("is 204, 412 and 404", async () => {
    const created = await put("gone.parquet", parquet);
    const drop = async (headers: Record<string, string> = {}) =>
      (await fetch(urlOf("gone.parquet"), { method: "DELETE", headers })).status;
    expect(await drop({ "if-match": '"other"' })).toBe(412);
    expect(await drop({ "if-match": created.headers.get("etag")! })).toBe(204);
    expect(await drop()).toBe(404);
  });
});

describe("files are guarded as calls are", () => {
  test("against other hosts, and other methods", async () => {
    const { stdout } = await run("curl", [
      "-s",
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      "-H",
      "host: evil.example",
      urlOf("x"),
    ]);
    expect(stdout).toBe("403");
    const answer = await fetch(urlOf("table.parquet"), { method: "POST", body: "x" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD, PUT, DELETE"]);
  });

  test("against pages of other origins, but for those that may", async () => {
    const preflight = async (origin: string) => {
      const headers = { origin, "access-control-request-method": "PUT" };
      const args = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
      return (await run("curl", ["-s", "-i", "-X", "OPTIONS", ...args, urlOf("x")])).stdout;
    };
    expect(await preflight("https://app.example")).toMatch(/access-control-allow-methods: .*PUT,DELETE/i);
    expect(await preflight("https://evil.example")).not.toMatch(/access-control-allow-origin/i);
  });
});

function without(file: Buffer, byteLength: number): Buffer<ArrayBuffer> {
  return Buffer.concat([file.subarray(0, 1000), file.subarray(1000 + byteLength)]);
}

/** Nonsense in the middle of a file, where pages are. */
function garbled(file: Buffer): Buffer<ArrayBuffer> {
  const copy = Buffer.from(file);
  for (let at = 1_000_000; at < 1_200_000; at++) copy[at] = (at * 7919) >> 3;
  return copy;
}
