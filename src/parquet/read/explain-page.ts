import { isUtf8 } from "node:buffer";
import { codecName } from "../format/codecs.ts";
import type { PhysicalType } from "../format/column-chunks.ts";
import { decompressPage } from "../format/decompress-page.ts";
import { areDeltasTooWide } from "../format/delta-values.ts";
import { encodingName, encodings, isReadableEncoding } from "../format/encodings.ts";
import { dictionaryPage, pageHeader } from "../format/footer-fields.ts";
import { pageEncoding, readPageValues } from "../format/page-values.ts";
import { countLevels } from "../format/level-counts.ts";
import { pageKinds, pageValueCount, type ReadRange, type ScannedPage } from "../format/scan-pages.ts";
import type { SchemaLeaf } from "../format/schema-leaves.ts";
import { integerField, structField } from "../format/thrift-fields.ts";
import { skippedPageBytesMax } from "../limits.ts";

/** The reason why a column cannot be decoded. */
export interface Explanation {
  /** `unsupported`: the file is valid, but there is no decoder. `refused`: the file is not valid. */
  readonly reason: "unsupported" | "refused";
  /** The text after the column's name, such as `is INT64 in the encoding RLE, which is not supported`. */
  readonly why: string;
}

/** The properties of a page's column. */
export interface PageColumn {
  readonly leaf: SchemaLeaf;
  readonly physicalType: PhysicalType | undefined;
  readonly codec: number;
  /** Whether its values are text. */
  readonly isText: boolean;
  /** Whether a dictionary page precedes the page. */
  readonly hasDictionary: boolean;
}

/** Returns the problem of a page; undefined if no problem is found. */
export function explainPage(read: ReadRange, page: ScannedPage, column: PageColumn): Explanation | undefined {
  const encoding = pageEncoding(page);
  const { physicalType, codec } = column;
  if (encoding !== undefined && physicalType && !isReadableEncoding(encoding, physicalType)) {
    const why = `is ${physicalType.toUpperCase()} in the encoding ${encodingName(encoding)}, which is not supported`;
    return { reason: "unsupported", why };
  }
  if (isOfDictionary(encoding) && !column.hasDictionary) {
    return { reason: "refused", why: "has a page of dictionary indices, and no dictionary before it" };
  }
  const byteLength = integerField(page.header, pageHeader.uncompressedByteLength);
  if (codecName(codec) === "UNCOMPRESSED" && byteLength !== page.contentByteLength) {
    const why = `has a page of ${page.contentByteLength} bytes, where its header says ${byteLength} without compression`;
    return { reason: "refused", why };
  }
  try {
    const isDictionary = page.kind === pageKinds.dictionary;
    const valueCount = isDictionary ? dictionaryCount(page) : countPresent(read, page, column);
    if (valueCount === "broken") return { reason: "refused", why: "has other levels than its schema" };
    const values = isDictionary ? readDictionary(read, page, codec) : readValues(read, page, column);
    return values && explainValues(values, { encoding: isDictionary ? encodings.plain : encoding, valueCount }, column);
  } catch {
    const why = `has a broken page at byte ${page.byteOffset} of the file, compressed by ${codecName(codec)}`;
    return { reason: "refused", why };
  }
}

function dictionaryCount({ header }: ScannedPage): number {
  return integerField(structField(header, pageHeader.dictionaryPage), dictionaryPage.valueCount);
}

/** Returns the number of non-null values in a data page; undefined if the levels do not tell it. */
function countPresent(read: ReadRange, page: ScannedPage, { leaf, codec }: PageColumn): number | "broken" | undefined {
  if (leaf.definitionMax + leaf.repetitionMax === 0) return pageValueCount(page);
  if (pageEncoding(page) === undefined) return undefined;
  try {
    const counts = countLevels(read, page, { codec, leaf });
    if (counts === undefined) return undefined;
    const isBeyond = counts.definition.slice(leaf.definitionMax + 1).some((count) => count > 0);
    return isBeyond
      ? "broken"
      : leaf.definitionMax === 0
        ? pageValueCount(page)
        : counts.definition[leaf.definitionMax];
  } catch (reason) {
    if (reason instanceof RangeError) return "broken";
    throw reason;
  }
}

function isOfDictionary(encoding: number | undefined): boolean {
  return encoding === encodings.plainDictionary || encoding === encodings.rleDictionary;
}

function readValues(read: ReadRange, page: ScannedPage, { codec, leaf }: PageColumn): Uint8Array | undefined {
  return pageEncoding(page) === undefined ? undefined : readPageValues(read, page, { codec, leaf });
}

function readDictionary(read: ReadRange, page: ScannedPage, codec: number): Uint8Array | undefined {
  const byteLength = integerField(page.header, pageHeader.uncompressedByteLength);
  if (byteLength > skippedPageBytesMax || page.contentByteLength > skippedPageBytesMax) return undefined;
  const start = page.byteOffset + page.headerByteLength;
  return decompressPage(codec, read(start, start + page.contentByteLength), byteLength);
}

/** Bits per value in the PLAIN encoding, for types with a fixed width. */
const plainBits: Partial<Record<PhysicalType, number>> = {
  boolean: 1,
  int32: 32,
  int64: 64,
  int96: 96,
  float: 32,
  double: 64,
};

interface PageValues {
  readonly encoding: number | undefined;
  /** The number of non-null values; undefined if it is not known. */
  readonly valueCount: number | undefined;
}

function explainValues(
  values: Uint8Array,
  { encoding, valueCount }: PageValues,
  { physicalType, isText }: PageColumn,
): Explanation | undefined {
  if (encoding === encodings.deltaBinaryPacked && physicalType === "int32" && areDeltasTooWide(values)) {
    const why = "is INT32 in DELTA_BINARY_PACKED with deltas of more than 32 bits, which are not supported";
    return { reason: "unsupported", why };
  }
  if (encoding !== encodings.plain || physicalType === undefined) return undefined;
  if (physicalType === "byte_array") return explainBytes(values, isText);
  const byteLength = Math.ceil(((plainBits[physicalType] ?? NaN) * (valueCount ?? NaN)) / 8);
  if (!(values.byteLength < byteLength)) return undefined;
  const why = `has a page of ${valueCount} values in ${values.byteLength} bytes, where ${byteLength} belong`;
  return { reason: "refused", why };
}

/** Returns the problem of values with a length prefix; undefined if no problem is found. */
function explainBytes(values: Uint8Array, isText: boolean): Explanation | undefined {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  for (let at = 0; at < values.byteLength;) {
    const start = at + 4;
    const end = start > values.byteLength ? Infinity : start + view.getUint32(at, true);
    if (end > values.byteLength) return { reason: "refused", why: "has a value that ends behind its page" };
    if (isText && !isUtf8(values.subarray(start, end))) {
      return { reason: "refused", why: "is text, and has a value that is not UTF-8" };
    }
    at = end;
  }
  return undefined;
}
