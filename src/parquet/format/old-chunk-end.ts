import { columnChunk, columnMetaData, dataPage, pageHeader } from "./footer-fields.ts";
import { chunkRange } from "./footer.ts";
import { pageKinds, readPageHeaders, type ReadRange } from "./scan-pages.ts";
import type { ThriftStruct } from "./thrift.ts";
import { integerField, structField } from "./thrift-fields.ts";

/** parquet-mr left the header of the dictionary page out of a column chunk's length until this version (PARQUET-816). */
const mendedVersion = [1, 2, 9];

/** The longest header of a dictionary page that is looked for, in bytes: as Arrow's reader has it. */
const dictionaryHeaderBytesMax = 100;

/** Whether a writer, as a footer names it, may have made column chunks too short. */
export function mayCutChunks(createdBy: string): boolean {
  const [, version] = /^parquet-mr(?: version (\d+\.\d+\.\d+))?/.exec(createdBy) ?? [undefined, "1.2.9"];
  const parts = (version ?? "0.0.0").split(".").map(Number);
  const [first] = parts.map((part, i) => part - mendedVersion[i]!).filter((difference) => difference !== 0);
  return first !== undefined && first < 0;
}

/**
 * Returns the end of a column chunk according to its pages, in bytes from the start of the file. Undefined if its
 * declared length is correct, or if the pages do not determine it.
 *
 * @param fileEnd - the position of the footer
 */
export function findChunkEnd(read: ReadRange, chunk: ThriftStruct, fileEnd: number): number | undefined {
  const { start, end } = chunkRange(chunk);
  const range = { start, end: Math.min(end + dictionaryHeaderBytesMax, fileEnd) };
  let rest = integerField(structField(chunk, columnChunk.metaData), columnMetaData.valueCount);
  for (const { header, kind, byteOffset, headerByteLength, contentByteLength } of readPageHeaders(read, range)) {
    if (kind === pageKinds.data) rest -= integerField(structField(header, pageHeader.dataPage), dataPage.valueCount);
    const pageEnd = byteOffset + headerByteLength + contentByteLength;
    if (rest <= 0) return pageEnd > end ? pageEnd : undefined;
  }
  return undefined;
}
