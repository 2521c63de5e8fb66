import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { asyncBufferFromUrl, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { startCountingProxy, type CountingProxy } from "../support/counting-proxy.ts";
import { startHangar, type TestServer } from "../support/server.ts";

const run = promisify(execFile);
/** Packages may have to be installed. */
const limitMs = 900_000;

/** Of the rows from 290,000 to 299,999. */
const expected = [10_000, 2_949_995_000];

let server: TestServer;
let proxy: CountingProxy;
let fileByteLength: number;
beforeAll(async () => {
  server = await startHangar();
  proxy = await startCountingProxy(server.url);
  await run(await ensurePython(), [join(import.meta.dirname, "make.py"), server.repo]);
  fileByteLength = (await stat(join(server.repo, "table.parquet"))).size;
  await ensurePython("httpfs");
}, limitMs);
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function read(library: string, query = ""): Promise<unknown> {
  const python = await ensurePython(library === "duckdb" ? "httpfs" : "peers");
  const url = `${proxy.url}/datasets/table.parquet${query}`;
  const { stdout } = await run(python, [join(import.meta.dirname, "read-by-url.py"), library, url]);
  return JSON.parse(stdout);
}

describe("a dataset is read by its URL", () => {
  beforeEach(() => void proxy.take());

  test.each(["duckdb", "polars"])("by %s, which fetches only ranges of what it needs", async (library) => {
    expect(await read(library)).toEqual(expected);
    const bodies = proxy.take().filter(({ byteLength }) => byteLength > 0);
    expect(bodies.length).toBeGreaterThan(0);
    expect(bodies).toEqual(bodies.map((each) => expect.objectContaining({ ...each, method: "GET", status: 206 })));
    const byteLength = bodies.reduce((sum, each) => sum + each.byteLength, 0);
    expect(byteLength).toBeLessThan(fileByteLength / 4);
  });

  test("by pandas, which fetches all of it", async () => {
    expect(await read("pandas")).toEqual(expected);
    expect(proxy.take()).toContainEqual({ method: "GET", range: undefined, status: 200, byteLength: fileByteLength });
  });

  test("by hyparquet, as in a browser, which fetches only ranges", async () => {
    const file = await asyncBufferFromUrl({ url: `${proxy.url}/datasets/table.parquet` });
    const rows = await parquetReadObjects({ file, columns: ["id", "city"], rowStart: 299_998, rowEnd: 300_000 });
    expect(rows.map(({ id }) => id)).toEqual([299_998n, 299_999n]);
    const byteLength = proxy.take().reduce((sum, each) => sum + each.byteLength, 0);
    expect(byteLength).toBeLessThan(fileByteLength / 4);
  });

  test.each([
    ["pandas-json", "ndjson"],
    ["pandas-csv", "csv"],
    ["polars-csv", "csv"],
    ["pyarrow-stream", "arrow"],
  ])("by %s, as %s of the rows that a filter means", async (library, format) => {
    expect(await read(library, `?format=${format}&filter=id>=290000&columns=id,city`)).toEqual(expected);
    expect(proxy.take().at(-1)!.byteLength).toBeLessThan(fileByteLength / 4);
  });
});
