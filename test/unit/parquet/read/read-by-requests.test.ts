import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays, type Table } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../../../scripts/python.ts";
import { decodeSchema } from "../../../../src/arrow/index.ts";
import { bodyByteLength, FlightError, type FlightFrame } from "../../../../src/flight/index.ts";
import {
  ParquetPool,
  readParquetFacts,
  readParquetFrames,
  readParquetStatistics,
} from "../../../../src/parquet/index.ts";
import { fileEndBytesRead, requestBytesMax } from "../../../../src/parquet/workers/limits.ts";
import type { ReadOptions } from "../../../../src/parquet/read/read-frames.ts";
import { bindFilter, parseFilter } from "../../../../src/filter/index.ts";
import { waitUntil } from "../../../support/wait.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../../../support/folder.ts";
import { RequestedFile, untilUnwanted } from "../requested-file.ts";
import { createTemporaryFile, never, toFrames, toTable, writeFrames } from "../tables.ts";
import { TestFile } from "../test-file.ts";

const pool = new ParquetPool({ workerCount: 2 });
afterAll(() => pool.close());

/** Four million rows in several row groups of about 16 MiB, as the store writes them. */
function numbers(): Table {
  return numbersOf(4_000_000);
}

function numbersOf(rowCount: number): Table {
  return tableFromArrays({
    id: Int32Array.from({ length: rowCount }, (_, i) => i),
    noise: Float64Array.from({ length: rowCount }, (_, i) => Math.sin(i ** 2)),
  });
}

async function read(file: RequestedFile | TestFile, options: Partial<ReadOptions> = {}): Promise<FlightFrame[]> {
  const facts = await readParquetFacts(pool, file);
  return await Array.fromAsync(readParquetFrames(pool, file, facts, { signal: never, ...options }));
}

const byteLengthOf = (file: RequestedFile): number =>
  file.requests.reduce((sum, { start, end }) => sum + end - start, 0);

describe("a file without a descriptor", () => {
  let bytes: Uint8Array;
  let rowGroupCount: number;
  let expected: Table;
  beforeAll(async () => {
    await using temporary = await createTemporaryFile();
    await writeFrames(pool, temporary.file, toFrames(numbers()));
    bytes = await temporary.file.handle.readFile();
    rowGroupCount = (await readParquetFacts(pool, temporary.file)).rowGroups.length;
    expected = toTable(await read(temporary.file));
  });

  test("is described by one request, whichever job asks", async () => {
    const file = new RequestedFile(bytes);
    const facts = await readParquetFacts(pool, file);
    await readParquetStatistics(pool, file, facts, { signal: never });
    const { byteLength } = bytes;
    expect(file.requests).toMatchObject([{ start: byteLength - fileEndBytesRead, end: byteLength }]);
  });

  test("is read whole by one request for each row group, and each byte once", async () => {
    const file = new RequestedFile(bytes);
    const got = toTable(await read(file));
    for (const name of ["id", "noise"]) {
      const [actual, wanted] = [got, expected].map((table) => table.getChild(name)!.toArray() as Float64Array);
      expect(Buffer.compare(Buffer.from(actual!.buffer), Buffer.from(wanted!.buffer))).toBe(0);
    }
    expect(rowGroupCount).toBeGreaterThan(2);
    expect(file.requests.length).toBeLessThanOrEqual(1 + 2 * rowGroupCount);
    expect(Math.max(...file.requests.map(({ start, end }) => end - start))).toBeLessThanOrEqual(requestBytesMax);
    expect(byteLengthOf(file)).toBeLessThan(bytes.byteLength + 2 * fileEndBytesRead);
    expect(pool.readAhead.heldBytes).toBe(0);
  });

  test("is read in the columns and row groups that are asked for", async () => {
    const file = new RequestedFile(bytes);
    const { fields } = decodeSchema(toFrames(numbersOf(1))[0]!.header);
    const filter = bindFilter(parseFilter("id < 10"), fields);
    const got = toTable(await read(file, { columnIndices: [0], filter, limit: 1000 }));
    expect(got.getChild("id")!.toArray()).toEqual(Int32Array.from({ length: 10 }, (_, i) => i));
    expect(byteLengthOf(file)).toBeLessThan(bytes.byteLength / rowGroupCount);
    expect(file.requests.length).toBeLessThanOrEqual(3);
  });

  test("that is replaced while it is read ends the read with what its storage says", async () => {
    for (const answeredMax of [0, 1, 2]) {
      const file = new RequestedFile(bytes);
      file.beforeAnswer = async () => {
        if (file.requests.length > answeredMax) throw new FlightError("aborted", "it was replaced");
      };
      await expect(read(file)).rejects.toMatchObject({ code: "aborted", message: "it was replaced" });
      expect(file.runningCount).toBe(0);
    }
    expect(pool.readAhead.heldBytes).toBe(0);
    expect((await read(new RequestedFile(bytes), { limit: 1 })).length).toBe(2);
  });

  test("is not requested any more when the call has ended", async () => {
    const file = new RequestedFile(bytes);
    const facts = await readParquetFacts(pool, file);
    const call = new AbortController();
    file.beforeAnswer = async (request) => {
      call.abort(new Error("the client left"));
      return await untilUnwanted(request);
    };
    await expect(Array.fromAsync(readParquetFrames(pool, file, facts, { signal: call.signal }))).rejects.toThrow(
      "the client left",
    );
    expect([file.requests.length, file.runningCount]).toEqual([2, 0]);
    expect(pool.readAhead.heldBytes).toBe(0);
  });

  test("is requested one slice further ahead than it is decoded", async () => {
    await using temporary = await createTemporaryFile();
    await writeFrames(pool, temporary.file, toFrames(numbersOf(8_000_000)));
    const file = new RequestedFile(await temporary.file.handle.readFile());
    const facts = await readParquetFacts(pool, file);
    const [first] = facts.rowGroups;
    const groupBytes = (file.version.byteLength * first!.rowCount) / 8_000_000;
    const frames = readParquetFrames(pool, file, facts, { signal: never });
    // The first slices are small. The reader pauses in the last one of the first row group.
    for (let byteLength = 0; byteLength < 600_000 * 12;) byteLength += bodyByteLength((await frames.next()).value);
    await waitUntil("four row groups were requested", () => byteLengthOf(file) > 3.5 * groupBytes);
    await frames.return(undefined);
    expect(byteLengthOf(file)).toBeLessThan(4.5 * groupBytes);
    expect(pool.readAhead.heldBytes).toBe(0);
  });

  test("that is left early is not held", async () => {
    const file = new RequestedFile(bytes);
    const facts = await readParquetFacts(pool, file);
    let frameCount = 0;
    for await (const _ of readParquetFrames(pool, file, facts, { signal: never })) if (++frameCount === 3) break;
    expect(file.runningCount).toBe(0);
    expect(pool.readAhead.heldBytes).toBe(0);
  });
});

/** One row group of more than is read at a time, with page indexes and without. */
const program = `
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as parquet
rows = 6_000_000
table = pa.table({"id": np.arange(rows), "noise": np.random.default_rng(1).random(rows)})
for index in (False, True):
  parquet.write_table(table, f"{sys.argv[1]}/{index}.parquet", row_group_size=rows, compression="none",
    use_dictionary=False, write_page_index=index)
`;

describe("a row group of more than is read at a time", () => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await createTemporaryFolder();
    execFileSync(await ensurePython(), ["-c", program, folder.path]);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  test.each([
    ["with page indexes", "True"],
    ["without page indexes", "False"],
  ])("%s is read by requests too", async (_, name) => {
    const bytes = await readFile(join(folder.path, `${name}.parquet`));
    const file = new RequestedFile(bytes);
    const window = { offset: 2_000_000, limit: 300_000 };
    const got = toTable(await read(file, window))
      .getChild("id")!
      .toArray() as BigInt64Array;
    expect([got.length, got[0], got.at(-1)]).toEqual([300_000, 2_000_000n, 2_299_999n]);
    expect(Math.max(...file.requests.map(({ start, end }) => end - start))).toBeLessThanOrEqual(requestBytesMax);
    expect(file.requests.length).toBeLessThan(200);
    expect(pool.readAhead.heldBytes).toBe(0);
    // Each worker looks for its pages once.
    expect(byteLengthOf(file)).toBeLessThan((pool.workerCount + 1) * bytes.byteLength);
  });
});
