import type { StoredFile } from "../../../../src/storage/index.ts";
import { expect, test } from "vitest";
import { createFrame, joinBody, type FlightFrame } from "../../../../src/flight/index.ts";
import { readParquetFrames, type ParquetFacts, type ParquetPool } from "../../../../src/parquet/index.ts";
import type { DecodedSlice, DecodeJob } from "../../../../src/parquet/workers/worker-protocol.ts";
import { JobFailure } from "../../../../src/parquet/workers/worker-thread.ts";
import { never } from "../tables.ts";

const rowCount = 100_000;
const facts: ParquetFacts = {
  rowCount: BigInt(2 * rowCount),
  byteLength: 1n,
  schemaHeader: new Uint8Array(0),
  rowGroups: [0, 1].map(() => ({ rowCount, byteLength: rowCount })),
  heldBytes: 0,
};

/** A pool whose workers have room for so many rows from a row of the second row group on, and for any before. */
function poolWith(fits: { from: number; rowCountMax: number }) {
  const run = async (job: DecodeJob): Promise<DecodedSlice> => {
    const end = job.rowStart + job.rowCount;
    const [rowGroupIndex = 0] = job.rowGroupIndices;
    if (rowGroupIndex === 1 && end > fits.from && job.rowCount > fits.rowCountMax) {
      throw new JobFailure("exhausted", "too much");
    }
    const rows = Int32Array.from({ length: job.rowCount }, (_, i) => rowGroupIndex * rowCount + job.rowStart + i);
    return {
      frames: [createFrame({ body: [new Uint8Array(rows.buffer)] })],
      byteLength: 100 * job.rowCount,
      isCostly: false,
    };
  };
  const readAhead = { heldBytes: 0, bytesMax: 1 << 28 };
  return { readAhead, pool: { run, readAhead } as unknown as ParquetPool };
}

function read(pool: ParquetPool): AsyncGenerator<FlightFrame> {
  return readParquetFrames(pool, { fd: 0, version: {} } as StoredFile, facts, { signal: never });
}

test.each([1, 7, 5000])("rows of which workers take %i at a time are all read, in order", async (rowCountMax) => {
  const { pool, readAhead } = poolWith({ from: rowCount - 60, rowCountMax });
  const [, ...frames] = await Array.fromAsync(read(pool));
  const rows = frames.flatMap((frame) => [...new Int32Array(joinBody(frame).buffer)]);
  expect(rows.length).toBe(2 * rowCount);
  expect(rows.every((row, i) => row === i)).toBe(true);
  expect(readAhead.heldBytes).toBe(0);
});

test("a single row that is too much ends the read, by its place", async () => {
  const { pool, readAhead } = poolWith({ from: 70_000, rowCountMax: 0 });
  const reading = Array.fromAsync(read(pool));
  const message = "the Parquet file cannot be read: too much (row 70000 of row group 1, or the page that it is in)";
  await expect(reading).rejects.toMatchObject({ code: "resource_exhausted", message });
  expect(readAhead.heldBytes).toBe(0);
});
