import { describe, expect, test } from "vitest";
import { StreamBuffers } from "../../../../src/parquet/write/stream-buffers.ts";

const mebi = 1024 * 1024;

describe("the buffers of row groups", () => {
  test("are used again, the last first, where they are large enough", () => {
    const buffers = new StreamBuffers(2);
    const [small, large] = [buffers.take(100), buffers.take(mebi + 1)];
    expect([small.byteLength, small.buffer.byteLength, large.buffer.byteLength]).toEqual([100, 16 * 1024, 2 * mebi]);
    buffers.giveBack(small.buffer);
    buffers.giveBack(large.buffer);
    expect(buffers.take(mebi + 100).buffer).toBe(large.buffer);
    expect(buffers.take(16 * 1024).buffer).toBe(small.buffer);
  });

  test("are freed past the count that is kept, the oldest first, and all of them when nobody writes any more", () => {
    const buffers = new StreamBuffers(2);
    const taken = [1, 2, 3].map(() => buffers.take(mebi).buffer);
    for (const buffer of taken) buffers.giveBack(buffer);
    expect(taken.map((buffer) => buffer.byteLength)).toEqual([0, mebi, mebi]);
    buffers.clear();
    expect(taken.map((buffer) => buffer.byteLength)).toEqual([0, 0, 0]);
    expect(buffers.take(1).buffer.byteLength).toBe(16 * 1024);
  });
});
