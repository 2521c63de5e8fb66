import { expect, test } from "vitest";
import { AcknowledgementQueue } from "../../../src/producer/acknowledgement-queue.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

async function drained(queue: AcknowledgementQueue): Promise<number[][]> {
  const drained: number[][] = [];
  for await (const { appMetadata } of queue.drain()) drained.push([...appMetadata]);
  return drained;
}

test("acknowledgements come in order, before and after the reader does", async () => {
  const queue = new AcknowledgementQueue(10_000);
  queue.push(bytes(1));
  const reading = drained(queue);
  await new Promise((resolve) => setImmediate(resolve));
  queue.push(bytes(2));
  queue.push(bytes(3));
  queue.end();
  expect(await reading).toEqual([[1], [2], [3]]);
});

test("a failure comes after what was received", async () => {
  const queue = new AcknowledgementQueue(10_000);
  queue.push(bytes(1));
  queue.fail(new Error("the disk is full"));
  const reading = queue.drain();
  expect((await reading.next()).value?.appMetadata).toEqual(bytes(1));
  await expect(reading.next()).rejects.toThrow("the disk is full");
});

test("a copy is kept: the frame's own bytes may be a view of much more", async () => {
  const queue = new AcknowledgementQueue(10_000);
  const batch = new Uint8Array(1 << 20);
  queue.push(batch.subarray(4, 6));
  const { value } = await queue.drain().next();
  expect(value?.appMetadata.buffer.byteLength).toBe(2);
});

test("what is not read is bounded, and what is read makes room", async () => {
  const queue = new AcknowledgementQueue(2 * 1000);
  queue.push(new Uint8Array(800));
  queue.push(new Uint8Array(800));
  expect(() => queue.push(new Uint8Array(800))).toThrow(expect.objectContaining({ code: "resource_exhausted" }));
  const reader = new AcknowledgementQueue(2 * 1000);
  const reading = drained(reader);
  for (let i = 0; i < 10; i++) {
    reader.push(new Uint8Array(800));
    await new Promise((resolve) => setImmediate(resolve));
  }
  reader.end();
  expect(await reading).toHaveLength(10);
});
