import { expect, test } from "vitest";
import { EnvelopeCounter } from "../../../src/flight/index.ts";

/** A message of three bytes, an empty one, and one of 256 bytes. */
const stream = Uint8Array.from([0, 0, 0, 0, 3, 7, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, ...new Uint8Array(256)]);

test.each([1, 2, 5, 7, stream.byteLength])("counts messages in chunks of %i bytes", (chunkBytes) => {
  const counter = new EnvelopeCounter();
  let messageBytes = 0;
  for (let at = 0; at < stream.byteLength; at += chunkBytes) {
    messageBytes += counter.count(stream.subarray(at, at + chunkBytes));
  }
  expect([messageBytes, counter.isInside]).toEqual([259, false]);
});

test("says where a stream has stopped", () => {
  const counter = new EnvelopeCounter();
  const inside = [...stream.subarray(0, 13)].map((byte) => {
    counter.count(Uint8Array.of(byte));
    return counter.isInside;
  });
  // The end of the first message, and the end of the empty one.
  expect(inside.flatMap((isInside, at) => (isInside ? [] : [at]))).toEqual([7, 12]);
});

test("refuses a message with a flag", () => {
  const counter = new EnvelopeCounter();
  expect(() => counter.count(Uint8Array.of(1, 0, 0, 0, 0))).toThrow("compressed");
});
