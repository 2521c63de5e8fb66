import { expect, test } from "vitest";
import { indexBitWidth, remapIndices } from "../../../../src/parquet/format/dictionary-indices.ts";

/** Indices in runs: a number stands for eight of them that are equal, a list of eight for packed ones. */
function encode(bitWidth: number, runs: readonly (number | readonly number[])[]): Uint8Array {
  const bytes = [bitWidth];
  for (const run of runs) {
    if (typeof run === "number") {
      bytes.push(8 << 1);
      for (let k = 0; k < Math.ceil(bitWidth / 8); k++) bytes.push((run >> (8 * k)) & 0xff);
      continue;
    }
    bytes.push(((run.length / 8) << 1) | 1);
    const bits = run.reduce((all, index, i) => all | (BigInt(index) << BigInt(i * bitWidth)), 0n);
    for (let k = 0; k < (run.length / 8) * bitWidth; k++) bytes.push(Number((bits >> BigInt(8 * k)) & 0xffn));
  }
  return Uint8Array.from(bytes);
}

const random = (count: number, max: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => ((i + 1) * 2_654_435_761 * seed) % (max + 1));

test.each([
  [0, 3, 1],
  [1, 1, 2],
  [2, 9, 4],
  [3, 3, 8],
  [8, 12, 256],
  [13, 24, 8192],
  [24, 24, 2 ** 24],
])("indices of %i bits become those of %i bits", (oldWidth, newWidth, count) => {
  const map = Uint32Array.from({ length: Math.min(count, 70_000) }, (_, i) => (i * 31 + 1) % 2 ** newWidth);
  const last = map.length - 1;
  const runs = [last, random(8, last, 3), 0, random(40, last, 7)];
  const expected = runs.map((run) => (typeof run === "number" ? map[run]! : run.map((index) => map[index]!)));
  expect(remapIndices(encode(oldWidth, runs), map, newWidth)).toEqual(encode(newWidth, expected));
});

test("long runs keep their length, and a page without values stays", () => {
  const long = Uint8Array.from([2, 0x80, 0x80, 0x04, 3]);
  expect(remapIndices(long, Uint32Array.of(0, 1, 2, 700), 10)).toEqual(
    Uint8Array.from([10, 0x80, 0x80, 0x04, 0xbc, 2]),
  );
  expect(remapIndices(new Uint8Array(0), new Uint32Array(0), 3).byteLength).toBe(0);
});

test.each([
  ["an index that the dictionary has not", [2, 16, 3], Uint32Array.of(0, 1)],
  ["a run that ends early", [9, 16, 3], Uint32Array.of(0, 1)],
  ["packed ones that end early", [3, 3, 0, 0], Uint32Array.of(0, 1)],
  ["a length that ends early", [3, 0x80], Uint32Array.of(0, 1)],
  ["a width that none has", [40, 16, 0, 0, 0, 0, 0], Uint32Array.of(0, 1)],
])("refuses %s", (_, bytes, map) => {
  expect(() => remapIndices(Uint8Array.from(bytes), map, 4)).toThrow(RangeError);
});

test("an index has as many bits as its dictionary needs", () => {
  expect([0, 1, 2, 3, 4, 5, 256, 257].map(indexBitWidth)).toEqual([0, 0, 1, 2, 2, 3, 8, 9]);
});
