import { writerOf } from "./column-chunks.ts";
import { findChunkEnd, findOverlongGroups, mayCutChunks } from "./chunk-ends.ts";
import { indexedPagesMax } from "./limits.ts";
import type { ReadRange } from "./scan-pages.ts";
import { columnChunk, columnMetaData, fileMetaData, rowGroupField } from "./footer-fields.ts";
import { chunkRange } from "./footer.ts";
import { thriftType, type ThriftStruct } from "./thrift.ts";
import { listField, optionalInteger, setInteger, structField, structListField } from "./thrift-fields.ts";
import { mapRowGroups, type ScannedFooter } from "./footer-repair.ts";

/** Gives empty lists a type of elements. fastparquet writes none in a file without rows, and parquet-wasm refuses it. */
export function typeEmptyLists({ footer }: ScannedFooter): ThriftStruct {
  const typed = [fileMetaData.rowGroups, fileMetaData.keyValueMetadata].flatMap((id) => {
    const field = footer.get(id);
    if (field?.type !== thriftType.list) return [];
    const { elementType, elements } = listField(footer, id);
    if (elements.length > 0 || elementType === thriftType.struct) return [];
    return [[id, { ...field, value: { elementType: thriftType.struct, elements } }] as const];
  });
  return typed.length === 0 ? footer : new Map([...footer, ...typed]);
}

/** parquet-wasm ends at the count of the whole file, others at those of the row groups. */
export function sumRowCounts({ footer, scans }: ScannedFooter): ThriftStruct {
  const rowCount = BigInt(scans.reduce((sum, scan) => sum + scan.rowCount, 0));
  if (optionalInteger(footer, fileMetaData.rowCount) === rowCount) return footer;
  return new Map(footer).set(fileMetaData.rowCount, { type: thriftType.i64, value: rowCount });
}

/** Corrects row groups whose declared size cannot match their column chunks. Slices are planned by this size. */
export function boundSizes({ footer, scans }: ScannedFooter): ThriftStruct {
  const sizes = scans.map(({ chunks }) => chunks.reduce((sum, chunk) => sum + chunk.uncompressedByteLength, 0));
  const isBroken = (index: number): boolean => {
    const { byteLength, chunks } = scans[index]!;
    if (chunks.some((chunk) => chunk.isEncrypted)) return false;
    return byteLength < 0 || byteLength > sizes[index]!;
  };
  if (!scans.some((_, i) => isBroken(i))) return footer;
  const repair = (group: ThriftStruct, index: number): void =>
    setInteger(group, rowGroupField.byteLength, BigInt(Math.max(0, Math.min(sizes[index]!, Number.MAX_SAFE_INTEGER))));
  return mapRowGroups(footer, repair, isBroken);
}

/** Gives column chunks the length that their pages have, where an old writer made them too short or another too long. */
export function correctChunkLengths({ footer, scans, file, footerByteOffset: fileEnd }: ScannedFooter): ThriftStruct {
  const overlong = findOverlongGroups(scans, fileEnd);
  const mayBeCut = mayCutChunks(writerOf(footer));
  if (!mayBeCut && overlong.size === 0) return footer;
  const read: ReadRange = (from, to) => file.read(from, to);
  const correct = (group: ThriftStruct): void => {
    for (const chunk of structListField(group, rowGroupField.columns)) {
      const end = findChunkEnd(read, chunk, { fileEnd, pageCountMax: indexedPagesMax });
      if (end === undefined) continue;
      const meta = structField(chunk, columnChunk.metaData);
      setInteger(meta, columnMetaData.compressedByteLength, BigInt(end - chunkRange(chunk).start));
    }
  };
  return mapRowGroups(footer, correct, (index) => mayBeCut || overlong.has(index));
}
