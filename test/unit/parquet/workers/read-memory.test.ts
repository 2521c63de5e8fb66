import { afterEach, expect, test } from "vitest";
import { keptReadBytesMax, keptReadBytesMin } from "../../../../src/parquet/workers/limits.ts";
import { freeReadMemory, giveReadMemoryBack, takeReadMemory } from "../../../../src/parquet/workers/read-memory.ts";

afterEach(freeReadMemory);

test("the memory of a large read is used again, for a read of another size", () => {
  const first = takeReadMemory(keptReadBytesMin);
  giveReadMemoryBack(first.buffer);
  const second = takeReadMemory(keptReadBytesMin + 5);
  expect(second.buffer === first.buffer).toBe(true);
  expect([second.byteLength, second.buffer.byteLength]).toEqual([keptReadBytesMin + 5, keptReadBytesMin + 5]);
});

test("two reads at a time have memory of their own, and one of them is freed", () => {
  const [first, second] = [takeReadMemory(keptReadBytesMin), takeReadMemory(keptReadBytesMin)];
  expect(second.buffer === first.buffer).toBe(false);
  for (const { buffer } of [first, second]) giveReadMemoryBack(buffer);
  expect([first.buffer.detached, second.buffer.detached]).toEqual([false, true]);
});

test.each([0, 100, keptReadBytesMin - 1, keptReadBytesMax + 1])(
  "the memory of a read of %i bytes is freed",
  (length) => {
    const { buffer, byteLength } = takeReadMemory(length);
    expect([byteLength, buffer.byteLength]).toEqual([length, length]);
    giveReadMemoryBack(buffer);
    expect(buffer.detached).toBe(true);
  },
);

test("kept memory is freed when a worker has nothing to do", () => {
  const { buffer } = takeReadMemory(keptReadBytesMin);
  giveReadMemoryBack(buffer);
  freeReadMemory();
  expect(buffer.detached).toBe(true);
});
