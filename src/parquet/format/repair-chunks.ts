import { isKnownEncoding } from "./encodings.ts";
import { editThriftStruct } from "./edit-thrift.ts";
import { columnChunk, columnMetaData, fileMetaData, rowGroupField } from "./footer-fields.ts";
import { isDictionaryOffset, type ChunkTraits } from "./scan-row-group.ts";
import { thriftType, type ThriftStruct } from "./thrift.ts";
import { listField, structField, structListField } from "./thrift-fields.ts";
import { encodedRowGroups, hasEncrypted, mapRowGroups, type ScannedFooter, type ShowOptions } from "./footer-repair.ts";

/** Leaves out offsets of dictionaries that are none, and what parquet-wasm cannot read and need not. */
export function repairChunks({ footer, scans }: ScannedFooter, { isBare = false }: ShowOptions): ThriftStruct {
  // The page indexes of an encrypted column are encrypted, and parquet-wasm reads all or none.
  const dropsIndexes = hasEncrypted(scans);
  const isBroken = (chunk: ChunkTraits): boolean =>
    isBare || hasFalseDictionary(chunk) || (dropsIndexes && chunk.pageIndexOffsets.length > 0);
  if (!scans.some(({ chunks }) => chunks.some(isBroken))) return footer;
  const repair = (group: ThriftStruct, index: number): void => {
    structListField(group, rowGroupField.columns).forEach((chunk, i) => {
      const meta = structField(chunk, columnChunk.metaData);
      if (hasFalseDictionary(scans[index]!.chunks[i]!)) meta.delete(columnMetaData.dictionaryPageOffset);
      if (dropsIndexes) for (const id of pageIndexFields) chunk.delete(id);
      if (isBare) stripChunk(chunk, meta);
    });
    if (isBare) keepFields(group, bareRowGroup);
  };
  const repaired = mapRowGroups(footer, repair, (index) => scans[index]!.chunks.some(isBroken));
  if (isBare) repaired.delete(fileMetaData.columnOrders);
  return repaired;
}

/** Leaves out the places of all page indexes. */
export function hideIndexes(footer: ThriftStruct): ThriftStruct {
  const chunk = new Map(pageIndexFields.map((id) => [id, () => undefined] as const));
  const edits = new Map([[rowGroupField.columns, { element: () => chunk }]]);
  const elements = encodedRowGroups(footer).map((group) => editThriftStruct(group, edits));
  const value = { elementType: thriftType.struct, elements };
  return new Map(footer).set(fileMetaData.rowGroups, { type: thriftType.list, value });
}

function hasFalseDictionary({ dictionaryPageOffset, dataPageOffset }: ChunkTraits): boolean {
  return dictionaryPageOffset !== undefined && !isDictionaryOffset(dictionaryPageOffset, dataPageOffset);
}

const pageIndexFields = [
  columnChunk.offsetIndexOffset,
  columnChunk.offsetIndexLength,
  columnChunk.columnIndexOffset,
  columnChunk.columnIndexLength,
];

/** The fields of a row group, a column chunk and its metadata that are needed to read values. */
const bareRowGroup = [rowGroupField.columns, rowGroupField.byteLength, rowGroupField.rowCount];
const bareChunk = [columnChunk.fileOffset, columnChunk.metaData];
const bareMetaData = [
  columnMetaData.type,
  columnMetaData.encodings,
  columnMetaData.path,
  columnMetaData.codec,
  columnMetaData.valueCount,
  columnMetaData.uncompressedByteLength,
  columnMetaData.compressedByteLength,
  columnMetaData.dataPageOffset,
  columnMetaData.dictionaryPageOffset,
];

function stripChunk(chunk: ThriftStruct, meta: ThriftStruct): void {
  keepFields(chunk, bareChunk);
  keepFields(meta, bareMetaData);
  const { elementType, elements } = listField(meta, columnMetaData.encodings);
  // Pages say what they are encoded in; this is a summary.
  const known = elements.filter((encoding) => isKnownEncoding(Number(encoding)));
  meta.set(columnMetaData.encodings, { type: thriftType.list, value: { elementType, elements: known } });
}

function keepFields(struct: ThriftStruct, ids: readonly number[]): void {
  for (const id of struct.keys()) if (!ids.includes(id)) struct.delete(id);
}
