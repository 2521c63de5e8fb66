import { Dictionary, Int8, tableFromIPC, Utf8, vectorFromArray, Table } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { toFrames } from "../../../src/client/index.ts";
import { decodeIpcFooter, decodeMessage, encodeIpcFile } from "../../../src/arrow/index.ts";
import { joinPieces, type FlightFrame } from "../../../src/flight/index.ts";

/** Two batches, the second with another dictionary under the same id. */
async function replacing(
  first: readonly (string | null)[],
  second: readonly (string | null)[],
): Promise<FlightFrame[]> {
  const framesOf = async (words: readonly (string | null)[]): Promise<FlightFrame[]> => {
    const type = new Dictionary(new Utf8(), new Int8(), 7);
    return await Array.fromAsync(toFrames(new Table({ word: vectorFromArray([...words], type) })));
  };
  const [one, two] = [await framesOf(first), await framesOf(second)];
  return [...one, ...two.slice(1)];
}

async function* stream(frames: readonly FlightFrame[]): AsyncGenerator<FlightFrame> {
  yield* frames;
}

async function encode(frames: readonly FlightFrame[]): Promise<Uint8Array> {
  return joinPieces(await Array.fromAsync(encodeIpcFile(stream(frames))));
}

const wordsOf = (file: Uint8Array): unknown[] => [...tableFromIPC(file).getChild("word")!];

describe("encodeIpcFile", () => {
  test("makes one dictionary of two, and says where everything lies", async () => {
    const file = await encode(await replacing(["a", "b", null], ["c", "a"]));
    expect(wordsOf(file)).toEqual(["a", "b", null, "c", "a"]);
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const footerEnd = file.byteLength - 10;
    const footer = decodeIpcFooter(file.slice(footerEnd - view.getInt32(footerEnd, true), footerEnd));
    expect([footer.dictionaries.length, footer.batches.length]).toEqual([2, 2]);
    for (const { byteOffset, headerByteLength, bodyByteLength } of [...footer.dictionaries, ...footer.batches]) {
      const { bodyLength } = decodeMessage(file.slice(byteOffset + 8, byteOffset + headerByteLength));
      expect(byteOffset % 8).toBe(0);
      expect(bodyByteLength).toBe(Math.ceil(bodyLength / 8) * 8);
    }
  });

  test("leaves out a dictionary that comes again", async () => {
    const frames = await replacing(["a", "b"], ["a", "b"]);
    const twice = await encode(frames);
    const isDictionary = ({ header }: FlightFrame): boolean => decodeMessage(header).kind === "dictionary_batch";
    expect(twice).toEqual(await encode(frames.filter((frame, i) => !isDictionary(frame) || i < 2)));
    expect(wordsOf(twice)).toEqual(["a", "b", "a", "b"]);
  });

  test("refuses more values than indices count", async () => {
    const many = (prefix: string): string[] => Array.from({ length: 100 }, (_, i) => `${prefix}${i}`);
    await expect(encode(await replacing(many("a"), many("b")))).rejects.toMatchObject({
      code: "out_of_range",
      message: expect.stringContaining("column word has 200 values"),
    });
  });
});
