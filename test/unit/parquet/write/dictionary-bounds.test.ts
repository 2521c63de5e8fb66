import {
  Dictionary,
  FixedSizeBinary,
  Int8,
  Int32,
  makeData,
  makeVector,
  Table,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { frameByteLength, type FlightFrame } from "../../../../src/flight/index.ts";
import { decodeStorableSchema, ParquetPool, ParquetWriter, readParquetFacts } from "../../../../src/parquet/index.ts";
import { createTemporaryFile, never, readFrames, toFrames, toTable, writeFrames } from "../tables.ts";

const mebi = 1024 * 1024;
const pools: ParquetPool[] = [];
const openPool = (uploadBytesMax?: number): ParquetPool => {
  const pool = new ParquetPool({ workerCount: 1, ...(uploadBytesMax !== undefined && { uploadBytesMax }) });
  pools.push(pool);
  return pool;
};
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

/** A column of one dictionary of strings: schema, dictionary and batch. */
function dictionaryFrames(valueCount: number): FlightFrame[] {
  const values = Array.from({ length: valueCount }, (_, i) => `the value of number ${i}`);
  return toFrames(new Table({ word: vectorFromArray(values, new Dictionary(new Utf8(), new Int32())) }));
}

describe("the dictionaries of a put", () => {
  const frames = dictionaryFrames(20_000);
  const dictionaryBytes = frameByteLength(frames[1]!);

  test("count in the upload budget until it ends", async () => {
    const pool = openPool();
    await using temporary = await createTemporaryFile();
    const writer = new ParquetWriter(pool, temporary.file, decodeStorableSchema(frames[0]!.header), { signal: never });
    await writer.write(frames[1]!);
    const heldBytes = pool.uploads.heldBytes;
    expect(heldBytes).toBeGreaterThanOrEqual(dictionaryBytes);
    // The same values again take nothing more.
    await writer.write(frames[1]!);
    expect(pool.uploads.heldBytes).toBe(heldBytes);
    await writer.write(frames[2]!);
    expect(await writer.finish()).toMatchObject({ rowCount: 20_000n });
    expect(pool.uploads.heldBytes).toBe(0);
  });

  test("are refused where those of all puts together take more than half of it", async () => {
    const pool = openPool(3 * dictionaryBytes);
    await using temporaries = await createTemporaryFile();
    await using others = await createTemporaryFile();
    const [first, second] = [temporaries, others].map(
      ({ file }) => new ParquetWriter(pool, file, decodeStorableSchema(frames[0]!.header), { signal: never }),
    ) as [ParquetWriter, ParquetWriter];
    await first.write(frames[1]!);
    await expect(second.write(frames[1]!)).rejects.toMatchObject({ code: "resource_exhausted" });
    await second.abort();
    await first.write(frames[2]!);
    expect(await first.finish()).toMatchObject({ rowCount: 20_000n });
    expect(pool.uploads.heldBytes).toBe(0);
  });
});

describe("a dictionary that is given up", () => {
  const width = 64;
  const values = makeData({
    type: new FixedSizeBinary(width),
    length: 2,
    data: Uint8Array.from({ length: 2 * width }, (_, i) => i),
  });
  const frames = (rowCount: number): FlightFrame[] => {
    const type = new Dictionary(new FixedSizeBinary(width), new Int8(), 0);
    const data = Int8Array.from({ length: rowCount }, (_, i) => i % 2);
    return toFrames(new Table({ key: makeVector({ type, data, dictionary: makeVector(values) } as never) }));
  };
  let pool: ParquetPool;
  beforeAll(() => void (pool = openPool()));

  test("makes row groups of the usual size, though its indices are a sixty-fourth of it", async () => {
    await using temporary = await createTemporaryFile();
    await writeFrames(pool, temporary.file, frames(mebi));
    const { rowGroups, rowCount } = await readParquetFacts(pool, temporary.file);
    expect(rowCount).toBe(BigInt(mebi));
    expect(rowGroups.length).toBeGreaterThanOrEqual(4);
    for (const group of rowGroups) expect(group.rowCount * width).toBeLessThanOrEqual(16 * mebi);
    const last = toTable(await readFrames(pool, temporary.file))
      .getChild("key")!
      .get(mebi - 1) as Uint8Array;
    expect([...last]).toEqual(Array.from({ length: width }, (_, i) => width + i));
  });

  test("is refused where a batch grows beyond what is taken", async () => {
    await using temporary = await createTemporaryFile();
    const refused = { code: "resource_exhausted", message: expect.stringContaining("send smaller batches") as string };
    await expect(writeFrames(pool, temporary.file, frames(5 * mebi))).rejects.toMatchObject(refused);
    expect(pool.uploads.heldBytes).toBe(0);
  });
});
