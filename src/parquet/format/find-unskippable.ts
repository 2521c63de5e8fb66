import { skippedBytesMax, skippedPageBytesMax } from "../limits.ts";
import { physicalTypes } from "./column-chunks.ts";
import { decompressPage } from "./decompress-page.ts";
import { areDeltasSkipped } from "./delta-values.ts";
import { columnChunk, columnMetaData, dataPage, dataPageV2, pageHeader, rowGroupField } from "./footer-fields.ts";
import { chunkRange } from "./footer.ts";
import { pageKinds, readPageHeaders, type ReadRange, type ScannedPage } from "./scan-pages.ts";
import type { SchemaLeaf } from "./schema-leaves.ts";
import type { ThriftStruct } from "./thrift.ts";
import { integerField, listField, optionalInteger, structField, structListField } from "./thrift-fields.ts";

/** As `Encoding` numbers them. */
const encodings = { rle: 3n, deltaBinaryPacked: 5n };

/**
 * Finds the columns of a row group whose rows parquet-wasm decodes and cannot skip, by what their pages hold: deltas in
 * miniblocks of other sizes than most writers', or of INT32 that would overflow. What cannot be told counts among them.
 *
 * @returns their indices at the top level
 * @throws RangeError where it is no row group of such a schema
 */
export function findUnskippable(read: ReadRange, group: ThriftStruct, leaves: readonly SchemaLeaf[]): Set<number> {
  const unskippable = new Set<number>();
  let restBytes = skippedBytesMax;
  for (const [i, chunk] of structListField(group, rowGroupField.columns).entries()) {
    const leaf = leaves[i];
    if (leaf === undefined) throw new RangeError("a row group has more columns than its schema");
    const meta = structField(chunk, columnChunk.metaData);
    if (!mayHaveDeltas(meta)) continue;
    restBytes -= integerField(meta, columnMetaData.compressedByteLength);
    if (restBytes < 0 || !isSkippable(read, chunk, leaf)) unskippable.add(leaf.columnIndex);
  }
  return unskippable;
}

function mayHaveDeltas(meta: ThriftStruct): boolean {
  const physicalType = physicalTypes[integerField(meta, columnMetaData.type)];
  if (physicalType !== "int32" && physicalType !== "int64") return false;
  const { elements } = listField(meta, columnMetaData.encodings);
  // Some old writers name none.
  return elements.length === 0 || elements.includes(encodings.deltaBinaryPacked);
}

function isSkippable(read: ReadRange, chunk: ThriftStruct, leaf: SchemaLeaf): boolean {
  const meta = structField(chunk, columnChunk.metaData);
  const physicalType = physicalTypes[integerField(meta, columnMetaData.type)] as "int32" | "int64";
  const codec = integerField(meta, columnMetaData.codec);
  try {
    for (const page of readPageHeaders(read, chunkRange(chunk))) {
      if (encodingOf(page) !== encodings.deltaBinaryPacked) continue;
      const values = readValues(read, page, { codec, leaf });
      if (values === undefined || !areDeltasSkipped(values, physicalType)) return false;
    }
    return true;
  } catch {
    // Decoding will tell what is wrong with the page.
    return false;
  }
}

function encodingOf({ header, kind }: ScannedPage): bigint | undefined {
  if (kind === pageKinds.data) return optionalInteger(structField(header, pageHeader.dataPage), dataPage.encoding);
  if (kind === pageKinds.dataV2)
    return optionalInteger(structField(header, pageHeader.dataPageV2), dataPageV2.encoding);
  return undefined;
}

/** The values of a data page, still encoded, behind their levels; undefined where they are not found. */
function readValues(
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

/** What stands behind the levels of a page of version 1: each has its length before it, where there are any. */
function skipLevels(page: Uint8Array, facts: ThriftStruct, leaf: SchemaLeaf): Uint8Array | undefined {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  let at = 0;
  for (const [levelMax, encodingId] of [
    [leaf.repetitionMax, dataPage.repetitionEncoding],
    [leaf.definitionMax, dataPage.definitionEncoding],
  ] as const) {
    if (levelMax === 0) continue;
    if (optionalInteger(facts, encodingId) !== encodings.rle) return undefined;
    at += 4 + view.getUint32(at, true);
  }
  return page.subarray(at);
}
