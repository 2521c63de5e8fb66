import { expect, test } from "vitest";
import { PartBuffer, type PartPlaces } from "../../../../src/storage/bucket/part-buffer.ts";
import { PartMemory } from "../../../../src/storage/bucket/part-memory.ts";
import { createMemoryStorage } from "../../../../src/storage/index.ts";

interface TestPlaces extends PartPlaces {
  /** The memory of the upload now, and at most. */
  readonly held: { now: number; max: number };
  readonly scratchCount: () => number;
}

function createPlaces(bytesMax: number): TestPlaces {
  const storage = createMemoryStorage();
  const held = { now: 0, max: 0 };
  let scratchCount = 0;
  return {
    held,
    scratchCount: () => scratchCount,
    memory: new PartMemory(bytesMax),
    createScratch: async () => {
      scratchCount += 1;
      return await storage.createScratch();
    },
    onMemory: (byteLength) => {
      held.now += byteLength;
      held.max = Math.max(held.max, held.now);
    },
  };
}

const bytes = Uint8Array.from({ length: 150_000 }, (_, i) => i % 251);
const filled = Buffer.concat([bytes, bytes.subarray(0, 50_000)]);

test.each([
  ["memory", 1_000_000, 0],
  ["a file from its first byte on", 0, 1],
  ["a file, where memory ends on its way", 160_000, 1],
])("a part fills in %s, and gives all of it back", async (_what, bytesMax, scratchCount) => {
  const places = createPlaces(bytesMax);
  const buffer = new PartBuffer(200_000, places);
  expect([await buffer.take(bytes), buffer.isFull]).toEqual([150_000, false]);
  expect([await buffer.take(bytes), buffer.isFull]).toEqual([50_000, true]);
  expect(await buffer.take(bytes)).toBe(0);
  expect(places.memory.heldBytes).toBeLessThanOrEqual(bytesMax);
  expect(Buffer.from(await buffer.read()).equals(filled)).toBe(true);
  expect(places.scratchCount()).toBe(scratchCount);
  await buffer.release();
  expect([places.held.now, places.memory.heldBytes]).toEqual([0, 0]);
  expect(places.held.max).toBeLessThanOrEqual(200_000);
});

test("many parts that fill at once hold no more memory than there is", async () => {
  const places = createPlaces(500_000);
  const buffers = Array.from({ length: 20 }, () => new PartBuffer(200_000, places));
  for (const buffer of buffers) await buffer.take(bytes);
  expect(places.held.now).toBeLessThanOrEqual(500_000);
  for (const buffer of buffers) {
    expect(Buffer.from(await buffer.read()).equals(bytes)).toBe(true);
    await buffer.release();
  }
  expect([places.held.now, places.memory.heldBytes]).toEqual([0, 0]);
});

test("a small object takes little memory", async () => {
  const places = createPlaces(100_000_000);
  const buffer = new PartBuffer(8 * 1024 * 1024, places);
  await buffer.take(bytes.subarray(0, 3000));
  expect(places.held.now).toBe(64 * 1024);
});
