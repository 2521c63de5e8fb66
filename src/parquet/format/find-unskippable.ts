import { skippedBytesMax } from "../limits.ts";
import { physicalTypes } from "./column-chunks.ts";
import { areDeltasSkipped } from "./delta-values.ts";
import { encodings } from "./encodings.ts";
import { columnChunk, columnMetaData, rowGroupField } from "./footer-fields.ts";
import { chunkRange } from "./footer.ts";
import { pageEncoding, readPageValues } from "./page-values.ts";
import { readPageHeaders, type ReadRange } from "./scan-pages.ts";
import type { SchemaLeaf } from "./schema-leaves.ts";
import type { ThriftStruct } from "./thrift.ts";
import { integerField, listField, structField, structListField } from "./thrift-fields.ts";

/** A row group, the leaves of its schema, and the columns that are decoded of it: undefined for all. */
export interface DecodedGroup {
  readonly group: ThriftStruct;
  readonly leaves: readonly SchemaLeaf[];
  readonly columns: ReadonlySet<number> | undefined;
}

/**
 * Finds the columns of a row group whose rows parquet-wasm can decode but not skip: deltas with unusual miniblock
 * sizes, and INT32 deltas that overflow. Columns that cannot be checked are included.
 *
 * @returns the indices of top-level columns
 * @throws RangeError if the row group does not match the schema
 */
export function findUnskippable(read: ReadRange, { group, leaves, columns }: DecodedGroup): Set<number> {
  const unskippable = new Set<number>();
  let restBytes = skippedBytesMax;
  for (const [i, chunk] of structListField(group, rowGroupField.columns).entries()) {
    const leaf = leaves[i];
    if (leaf === undefined) throw new RangeError("a row group has more columns than its schema");
    if (columns?.has(leaf.columnIndex) === false) continue;
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
  return elements.length === 0 || elements.includes(BigInt(encodings.deltaBinaryPacked));
}

function isSkippable(read: ReadRange, chunk: ThriftStruct, leaf: SchemaLeaf): boolean {
  const meta = structField(chunk, columnChunk.metaData);
  const physicalType = physicalTypes[integerField(meta, columnMetaData.type)] as "int32" | "int64";
  const codec = integerField(meta, columnMetaData.codec);
  try {
    for (const page of readPageHeaders(read, chunkRange(chunk))) {
      if (pageEncoding(page) !== encodings.deltaBinaryPacked) continue;
      const values = readPageValues(read, page, { codec, leaf });
      if (values === undefined || !areDeltasSkipped(values, physicalType)) return false;
    }
    return true;
  } catch {
    // Decoding will tell what is wrong with the page.
    return false;
  }
}
