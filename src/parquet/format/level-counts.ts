import { skippedPageBytesMax } from "../limits.ts";
import { decompressPage } from "./decompress-page.ts";
import { encodings } from "./encodings.ts";
import { dataPage, dataPageV2, pageHeader } from "./footer-fields.ts";
import { pageKinds, type ReadRange, type ScannedPage } from "./scan-pages.ts";
import type { SchemaLeaf } from "./schema-leaves.ts";
import { integerField, optionalInteger, structField } from "./thrift-fields.ts";

/** The number of values at each level of a data page; all 0 if there are no levels. */
export interface LevelCounts {
  readonly repetition: readonly number[];
  readonly definition: readonly number[];
}

/**
 * Counts the levels of a data page.
 *
 * @returns undefined if the page is too large, or if its codec or level encoding is not supported
 * @throws Error if the page does not match its header
 */
export function countLevels(
  read: ReadRange,
  { header, kind, byteOffset, headerByteLength, contentByteLength }: ScannedPage,
  { codec, leaf }: { codec: number; leaf: SchemaLeaf },
): LevelCounts | undefined {
  const byteLength = integerField(header, pageHeader.uncompressedByteLength);
  if (byteLength > skippedPageBytesMax || contentByteLength > skippedPageBytesMax) return undefined;
  const start = byteOffset + headerByteLength;
  if (kind === pageKinds.dataV2) {
    const facts = structField(header, pageHeader.dataPageV2);
    const count = integerField(facts, dataPageV2.valueCount);
    const repetitionEnd = start + integerField(facts, dataPageV2.repetitionByteLength);
    const definitionEnd = repetitionEnd + integerField(facts, dataPageV2.definitionByteLength);
    return {
      repetition: countRuns(read(start, repetitionEnd), leaf.repetitionMax, count),
      definition: countRuns(read(repetitionEnd, definitionEnd), leaf.definitionMax, count),
    };
  }
  const facts = structField(header, pageHeader.dataPage);
  const areRuns = [
    [leaf.repetitionMax, dataPage.repetitionEncoding] as const,
    [leaf.definitionMax, dataPage.definitionEncoding] as const,
  ].every(([max, id]) => max === 0 || optionalInteger(facts, id) === BigInt(encodings.rle));
  const page = areRuns ? decompressPage(codec, read(start, start + contentByteLength), byteLength) : undefined;
  return page && countLevelsBeforeValues(page, integerField(facts, dataPage.valueCount), leaf);
}

/** The levels of a version 1 page: each kind is preceded by its length. */
function countLevelsBeforeValues(page: Uint8Array, count: number, leaf: SchemaLeaf): LevelCounts {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  let at = 0;
  const next = (max: number): number[] => {
    if (max === 0) return countRuns(page.subarray(0, 0), max, count);
    const start = at + 4;
    at = start + view.getUint32(at, true);
    return countRuns(page.subarray(start, at), max, count);
  };
  return { repetition: next(leaf.repetitionMax), definition: next(leaf.definitionMax) };
}

/**
 * Counts levels that are encoded as runs and as bit-packed groups of eight. Source: Encodings of apache/parquet-format,
 * RLE/bit-packing hybrid.
 *
 * @throws RangeError if there are fewer than `count`
 */
function countRuns(bytes: Uint8Array, levelMax: number, count: number): number[] {
  const bitWidth = 32 - Math.clz32(levelMax);
  const counts = Array<number>(1 << bitWidth).fill(0);
  let at = 0;
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw new RangeError("the levels of a page end early");
    return value;
  };
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = byte();
      value += (next & 127) * 2 ** shift;
      if (next < 128) return value;
    }
  };
  for (let rest = levelMax === 0 ? 0 : count; rest > 0;) {
    const head = varint();
    if (head % 2 === 0) {
      const length = Math.min(head / 2, rest);
      const level = bitWidth > 8 ? byte() + byte() * 256 : byte();
      counts[level] = (counts[level] ?? 0) + length;
      rest -= length;
      if (length === 0) throw new RangeError("a run of levels is empty");
      continue;
    }
    const length = Math.min(((head - 1) / 2) * 8, rest);
    const end = at + ((head - 1) / 2) * bitWidth;
    if (length === 0) throw new RangeError("a group of levels is empty");
    let held = 0;
    let heldBits = 0;
    for (let i = 0; i < length; i++) {
      for (; heldBits < bitWidth; heldBits += 8) held |= byte() << heldBits;
      counts[held & ((1 << bitWidth) - 1)]!++;
      held >>>= bitWidth;
      heldBits -= bitWidth;
    }
    at = end;
    rest -= length;
  }
  return counts;
}
