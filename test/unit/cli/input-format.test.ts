import { expect, test } from "vitest";
import { detectFormat } from "../../../src/cli/input-format.ts";

const detect = (bytes: string, name = "data"): string => detectFormat(Buffer.from(bytes, "latin1"), name);

test.each([
  ["PAR1\x15\x04\x15\x30", "parquet"],
  ["ARROW1\0\0", "arrow-file"],
  ["\xff\xff\xff\xff\x10\x01\0\0", "arrow-stream"],
  // Before Arrow 0.15, a message had no marker before its length.
  ["\x14\x01\0\0\x10\0\0\0", "arrow-stream"],
])("%j is %s", (head, format) => {
  expect(detect(head)).toBe(format);
});

test.each([
  ["\x1f\x8b\x08\0\0\0\0\0", "data is compressed with gzip; decompress it first"],
  ["\x1f\x8b\x08\x08\0\0\0\0", "data is compressed with gzip; decompress it first"],
  ["\x28\xb5\x2f\xfd\x04\0\0\0", "data is compressed with zstd; decompress it first"],
  ["PK\x03\x04\x14\0\0\0", "data is a zip archive; extract it first"],
  ["FEA1\0\0\0\0", "data is a Feather file of version 1; write it in version 2, which is Arrow's file format"],
  ["PARE\0\0\0\0", "data is an encrypted Parquet file, which cannot be read"],
  ["", "data is empty"],
  ["words", "data is neither a Parquet file nor Arrow data"],
])("%j is refused: %s", (head, message) => {
  expect(() => detect(head)).toThrow(new Error(message));
});

test("text with columns gets a hint", () => {
  expect(() => detect("a,b\n1,2", "a.csv")).toThrow(/^a\.csv is neither .*; its columns have no types/);
});
