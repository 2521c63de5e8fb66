import { expect, test } from "vitest";
import { decodeSnappy } from "../../../../src/parquet/format/snappy.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const bytes = (...parts: (string | number)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.of(part))));

function decode(source: Uint8Array, byteLength: number): string {
  const target = new Uint8Array(byteLength);
  decodeSnappy(source, target);
  return text(target);
}

test.each<[title: string, source: Uint8Array, expected: string]>([
  ["nothing", bytes(0), ""],
  ["a literal", bytes(3, 2 << 2, "abc"), "abc"],
  ["a literal with its length in a byte", bytes(70, 60 << 2, 69, "x".repeat(70)), "x".repeat(70)],
  ["a near copy", bytes(7, 2 << 2, "abc", 1, 3), "abcabca"],
  ["a copy that repeats itself", bytes(11, 0, "a", (9 << 2) | 2, 1, 0), "a".repeat(11)],
  ["a copy with an offset of four bytes", bytes(6, 2 << 2, "abc", (2 << 2) | 3, 3, 0, 0, 0), "abcabc"],
])("decodes %s", (_, source, expected) => {
  expect(decode(source, expected.length)).toBe(expected);
});

test.each<[title: string, source: Uint8Array, byteLength: number]>([
  ["no length", bytes(), 0],
  ["another length", bytes(3, 2 << 2, "abc"), 4],
  ["a literal that ends early", bytes(3, 2 << 2, "ab"), 3],
  ["a literal past the end", bytes(2, 2 << 2, "abc"), 2],
  ["a copy from before the start", bytes(7, 2 << 2, "abc", 1, 4), 7],
  ["a copy from nowhere", bytes(7, 2 << 2, "abc", 1, 0), 7],
  ["a copy past the end", bytes(6, 2 << 2, "abc", 1, 3), 6],
  ["a copy that ends early", bytes(7, 2 << 2, "abc", 1), 7],
  ["too little", bytes(4, 2 << 2, "abc"), 4],
])("refuses %s", (_, source, byteLength) => {
  expect(() => decode(source, byteLength)).toThrow(RangeError);
});
