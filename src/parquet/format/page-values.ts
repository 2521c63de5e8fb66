import { skippedPageBytesMax } from "../limits.ts";
import { decompressPage } from "./decompress-page.ts";
import { encodings } from "./encodings.ts";
import { dataPage, dataPageV2, pageHeader } from "./footer-fields.ts";
import { pageKinds, type ReadRange, type ScannedPage } from "./scan-pages.ts";
import type { SchemaLeaf } from "./schema-leaves.ts";
import type { ThriftStruct } from "./thrift.ts";
import { integerField, optionalInteger, structField } from "./thrift-fields.ts";

/** The encoding of a data page's values, as Parquet numbers it; undefined of other pages. */
export function pageEncoding({ header, kind }: ScannedPage): number | undefined {
  if (kind === pageKinds.data) return integerField(structField(header, pageHeader.dataPage), dataPage.encoding);
  if (kind === pageKinds.dataV2) return integerField(structField(header, pageHeader.dataPageV2), dataPageV2.encoding);
  return undefined;
}

/**
 * Returns the encoded values of a data page, after its levels.
 *
 * @returns undefined if the page is too large, or if its codec or levels are not supported
 * @throws Error if the page does not match its header
 */
export function readPageValues(
  read: ReadRange,
  { header, kind, byteOffset, headerByteLength, contentByteLength }: ScannedPage,
  { codec, leaf }: { codec: number; leaf: SchemaLeaf },
): Uint8Array | undefined {
  const byteLength = integerField(header, pageHeader.uncompressedByteLength);
  if (byteLength > skippedPageBytesMax || contentByteLength > skippedPageBytesMax) return undefined;
  const start = byteOffset + headerByteLength;
  const content = read(start, start + contentByteLength);
  if (kind === pageKinds.dataV2) {
    const facts = structField(header, pageHeader.dataPageV2);
    const levels =
      integerField(facts, dataPageV2.definitionByteLength) + integerField(facts, dataPageV2.repetitionByteLength);
    const values = content.subarray(levels);
    const isCompressed = facts.get(dataPageV2.isCompressed)?.value !== false && values.byteLength > 0;
    return isCompressed ? decompressPage(codec, values, byteLength - levels) : values;
  }
  const page = decompressPage(codec, content, byteLength);
  return page && skipLevels(page, structField(header, pageHeader.dataPage), leaf);
}

/**
 * Returns the bytes after the levels of a version 1 page. Each kind of levels is preceded by its length.
 *
 * @param page - the decompressed page
 * @param facts - the part of its header for version 1
 * @returns undefined if the levels have a deprecated encoding
 */
export function skipLevels(page: Uint8Array, facts: ThriftStruct, leaf: SchemaLeaf): Uint8Array | undefined {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  let at = 0;
  for (const [levelMax, encodingId] of [
    [leaf.repetitionMax, dataPage.repetitionEncoding],
    [leaf.definitionMax, dataPage.definitionEncoding],
  ] as const) {
    if (levelMax === 0) continue;
    if (optionalInteger(facts, encodingId) !== BigInt(encodings.rle)) return undefined;
    at += 4 + view.getUint32(at, true);
  }
  return page.subarray(at);
}
