import { expect, test } from "vitest";
import { findOverlongGroups, mayCutChunks } from "../../../../src/parquet/format/chunk-ends.ts";
import type { ChunkTraits } from "../../../../src/parquet/format/scan-row-group.ts";

test.each([
  ["parquet-mr", true],
  ["parquet-mr version 1.2.8 (build abc)", true],
  ["parquet-mr version 1.1.10", true],
  ["parquet-mr version 1.2.9 (build abc)", false],
  ["parquet-mr version 1.13.1 (build abc)", false],
  ["parquet-mr version 2.0.0", false],
  ["parquet-cpp-arrow version 1.0.0", false],
  ["", false],
])("%j may have column chunks that are too short: %s", (createdBy, expected) => {
  expect(mayCutChunks(createdBy)).toBe(expected);
});

test.each([
  ["chunks that follow each other", [chunk(4, 96), chunk(100, 50)], []],
  ["a chunk that reaches into the next", [chunk(4, 97), chunk(100, 50)], [0]],
  ["a chunk that reaches into a page index", [chunk(4, 96, [99])], [0]],
  ["a chunk that reaches into the footer", [chunk(4, 997)], [0]],
  ["chunks that share their pages", [chunk(4, 96), chunk(4, 96)], []],
])("finds %s", (_what, chunks, expected) => {
  expect([...findOverlongGroups([{ rowCount: 1, byteLength: 1, chunks }], 1000)]).toEqual(expected);
});

function chunk(dataPageOffset: number, compressedByteLength: number, pageIndexOffsets: number[] = []): ChunkTraits {
  return {
    codec: 0,
    physicalType: 1,
    valueCount: 1,
    uncompressedByteLength: compressedByteLength,
    compressedByteLength,
    repetitionLevelCount: 0,
    definitionLevelCount: 0,
    dataPageOffset,
    dictionaryPageOffset: undefined,
    pageIndexOffsets,
    isEncrypted: false,
  };
}
