import { tableFromArrays, type RecordBatch } from "apache-arrow";
import { expect } from "vitest";

/** Bytes of a batch of numbers. */
export const batchByteLength = 1 << 20;

const rowCount = batchByteLength / Float64Array.BYTES_PER_ELEMENT;

/** Batches of 1 MiB with the column `n`, which counts from 0. */
export async function* countUp(batchCount: number): AsyncGenerator<RecordBatch> {
  for (let i = 0; i < batchCount; i++) {
    const n = Float64Array.from({ length: rowCount }, (_, row) => i * rowCount + row);
    yield* tableFromArrays({ n }).batches;
  }
}

/** Reads batches of `countUp`, however they are cut, and holds none of them; gives how many rows there were. */
export async function readUp(batches: AsyncIterable<RecordBatch>): Promise<number> {
  let next = 0;
  for await (const batch of batches) {
    const values = batch.getChildAt(0)!.toArray() as Float64Array;
    const isNext = values.every((value, row) => value === next + row);
    expect(isNext, `the numbers from ${next} on follow one another`).toBe(true);
    next += batch.numRows;
  }
  return next;
}
