import { tableFromArrays, tableToIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { decodeIpcStream, readIpcStream } from "../../../src/arrow/index.ts";
import { joinBody, type FlightFrame } from "../../../src/flight/index.ts";

const table = tableFromArrays({ text: ["a", "b", "a"], n: Float64Array.from({ length: 3 }, (_, i) => i / 2) });
const stream = tableToIPC(table, "stream");

async function* inChunksOf(size: number, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<object[]> {
  const frames: object[] = [];
  for await (const frame of readIpcStream(chunks)) frames.push(toPlain(frame));
  return frames;
}

const toPlain = (frame: FlightFrame): object => ({ header: [...frame.header], body: [...joinBody(frame)] });

describe("readIpcStream", () => {
  test.each([1, 7, 64, 1 << 20])("reads the frames out of chunks of %i bytes", async (size) => {
    expect(await read(inChunksOf(size, stream))).toEqual([...decodeIpcStream(stream)].map(toPlain));
  });

  test("ends at the end mark, or where the bytes do", async () => {
    const expected = [...decodeIpcStream(stream)].map(toPlain);
    expect(await read(inChunksOf(100, stream.subarray(0, -8)))).toEqual(expected);
    expect(await read(inChunksOf(100, new Uint8Array(0)))).toEqual([]);
  });

  test.each([
    ["ends inside a message", stream.subarray(0, 100), "ended inside a message"],
    [
      "has a header beyond reason",
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0x7f),
      "a header of 2130706432 bytes",
    ],
    ["is something else", new TextEncoder().encode("PAR1 and more of it"), "a header of"],
  ])("refuses a stream that %s", async (_what, bytes, message) => {
    await expect(read(inChunksOf(10, bytes))).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining(message),
    });
  });

  test("copies bodies of usual size together into given memory, which can be released", async () => {
    const [large, small] = [20_000, 20].map((length) => tableFromArrays({ n: new Float64Array(length).fill(1) }));
    const bytes = tableToIPC(large!.concat(small!), "stream");
    const allocated: Uint8Array[] = [];
    const allocate = (byteLength: number): Uint8Array<ArrayBuffer> => {
      const memory = new Uint8Array(byteLength);
      allocated.push(memory);
      return memory;
    };
    const frames = await Array.fromAsync(readIpcStream(inChunksOf(1000, bytes), { allocate }));
    expect(frames.map(toPlain)).toEqual([...decodeIpcStream(bytes)].map(toPlain));
    expect(frames.map(({ body }) => allocated.includes(body[0]!))).toEqual([false, true, false]);
    frames[1]!.release?.();
    expect(allocated.map(({ byteLength }) => byteLength)).toEqual([0]);
  });

  test("leaves its source when it is left", async () => {
    let isLeft = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield* inChunksOf(16, stream);
      } finally {
        isLeft = true;
      }
    }
    for await (const _ of readIpcStream(source())) break;
    expect(isLeft).toBe(true);
  });
});
