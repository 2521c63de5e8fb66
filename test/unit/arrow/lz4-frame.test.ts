import { describe, expect, test } from "vitest";
import { decodeLz4Frame } from "../../../src/arrow/lz4-frame.ts";

const magic = [0x04, 0x22, 0x4d, 0x18];
const end = [0, 0, 0, 0];
const text = (value: string): number[] => [...Buffer.from(value)];

/** A frame of linked blocks; flags besides the version are those given. */
function frame(blocks: readonly number[][], { flags = 0, extra = [] as number[] } = {}): Uint8Array {
  return Uint8Array.from([...magic, 0x40 | flags, 0x40, ...extra, 0, ...blocks.flat(), ...end]);
}

function compressed(...bytes: number[]): number[] {
  return [bytes.length, 0, 0, 0, ...bytes];
}

function stored(value: string): number[] {
  return [value.length, 0, 0, 0x80, ...text(value)];
}

function decode(source: Uint8Array, byteLength: number): string {
  const target = new Uint8Array(byteLength);
  decodeLz4Frame(source, target);
  return Buffer.from(target).toString();
}

describe("an LZ4 frame", () => {
  test.each<[string, Uint8Array, string]>([
    ["no block", frame([]), ""],
    ["a stored block", frame([stored("as it is")]), "as it is"],
    ["literals alone", frame([compressed(0x30, ...text("abc"))]), "abc"],
    ["a match", frame([compressed(0x31, ...text("abc"), 3, 0, 0x10, ...text("!"))]), "abcabcab!"],
    ["a match that repeats itself", frame([compressed(0x1f, ...text("z"), 1, 0, 80, 0)]), "z".repeat(100)],
    ["a long literal", frame([compressed(0xf0, 25, ...text("x".repeat(40)))]), "x".repeat(40)],
    ["a match in the block before", frame([stored("abcd"), compressed(0x00, 4, 0)]), "abcdabcd"],
    ["its length in the header", frame([stored("ab")], { flags: 0x08, extra: [2, 0, 0, 0, 0, 0, 0, 0] }), "ab"],
    [
      "a checksum of a block",
      frame([[...stored("ab"), 1, 2, 3, 4], stored("c").concat(0, 0, 0, 0)], { flags: 0x10 }),
      "abc",
    ],
  ])("of %s is decoded", (_, source, expected) => {
    expect(decode(source, expected.length)).toBe(expected);
  });

  test.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array(0)],
    ["another magic number", Uint8Array.from([1, 2, 3, 4, 0x40, 0x40, 0, ...end])],
    ["a dictionary that nobody has", frame([stored("abc")], { flags: 0x01 })],
    ["more than was declared", frame([stored("abcd")])],
    ["less than was declared", frame([stored("ab")])],
    ["a match longer than the rest", frame([compressed(0x1f, ...text("z"), 1, 0, 255, 255, 255, 0)])],
    ["a match before the start", frame([compressed(0x10, ...text("z"), 2, 0)])],
    ["a match at no distance", frame([compressed(0x10, ...text("z"), 0, 0)])],
    ["literals past the block", frame([compressed(0x90, ...text("abc"))])],
    ["a length without end", frame([compressed(0xf0, 255)])],
    ["a block past the frame", Uint8Array.from([...frame([]).subarray(0, 7), 99, 0, 0, 0, 1])],
    ["no end", frame([stored("abc")]).subarray(0, 14)],
  ])("of %s is refused", (_, source) => {
    expect(() => decode(source, 3)).toThrow(RangeError);
  });
});
