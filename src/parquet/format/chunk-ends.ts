import { columnChunk, columnMetaData } from "./footer-fields.ts";
import { chunkRange } from "./footer.ts";
import { pageValueCount, readPageHeaders, type ReadRange } from "./scan-pages.ts";
import { chunkEnd, chunkStart, type RowGroupScan } from "./scan-row-group.ts";
import type { ThriftStruct } from "./thrift.ts";
import { integerField, structField } from "./thrift-fields.ts";

/** parquet-mr left the header of the dictionary page out of a column chunk's length until this version (PARQUET-816). */
const mendedVersion = [1, 2, 9];

/** Whether a writer, as a footer names it, may have made column chunks too short. */
export function mayCutChunks(createdBy: string): boolean {
  const [, version] = /^parquet-mr(?: version (\d+\.\d+\.\d+))?/.exec(createdBy) ?? [undefined, "1.2.9"];
  const parts = (version ?? "0.0.0").split(".").map(Number);
  const [first] = parts.map((part, i) => part - mendedVersion[i]!).filter((difference) => difference !== 0);
  return first !== undefined && first < 0;
}

/**
 * The row groups with a column chunk whose length cannot be right: it ends behind the footer's start, or behind the start
 * of another chunk or of a page index.
 *
 * @param fileEnd - where the footer begins, in bytes from the start of the file
 */
export function findOverlongGroups(scans: readonly RowGroupScan[], fileEnd: number): ReadonlySet<number> {
  if (areInOrder(scans, fileEnd)) return new Set();
  const starts = scans.flatMap(({ chunks }) =>
    chunks.flatMap((chunk) => [chunkStart(chunk), ...chunk.pageIndexOffsets]),
  );
  const bounds = Float64Array.from([...starts, fileEnd]).sort();
  const overlong = new Set<number>();
  for (const [i, { chunks }] of scans.entries()) {
    if (chunks.some((chunk) => chunkEnd(chunk) > firstAbove(bounds, chunkStart(chunk)))) overlong.add(i);
  }
  return overlong;
}

/** Whether no column chunk begins before the end of the previous one, as writers write them, and indexes follow. */
function areInOrder(scans: readonly RowGroupScan[], fileEnd: number): boolean {
  let end = 0;
  let firstIndex = fileEnd;
  for (const { chunks } of scans) {
    for (const chunk of chunks) {
      const start = chunkStart(chunk);
      if (start < end) return false;
      end = Math.max(end, chunkEnd(chunk));
      for (const offset of chunk.pageIndexOffsets) firstIndex = Math.min(firstIndex, offset);
    }
  }
  return end <= firstIndex;
}

/** The least of sorted numbers that is above one. */
function firstAbove(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return sorted[low] ?? Infinity;
}

/**
 * Where a column chunk ends by its pages, in bytes from the start of the file: behind the one with the last of its values.
 *
 * @param fileEnd - where the footer begins
 * @param pageCountMax - how many pages are looked at
 * @returns undefined where its pages do not tell
 */
export function findChunkEnd(
  read: ReadRange,
  chunk: ThriftStruct,
  { fileEnd, pageCountMax }: { readonly fileEnd: number; readonly pageCountMax: number },
): number | undefined {
  try {
    const { start } = chunkRange(chunk);
    if (start < 0) return undefined;
    let restPages = pageCountMax;
    let restValues = integerField(structField(chunk, columnChunk.metaData), columnMetaData.valueCount);
    for (const page of readPageHeaders(read, { start, end: fileEnd })) {
      restValues -= pageValueCount(page);
      if (restValues <= 0) return page.byteOffset + page.headerByteLength + page.contentByteLength;
      if (--restPages === 0) return undefined;
    }
  } catch (reason) {
    // What is no page is found out by who decodes it.
    if (!(reason instanceof RangeError)) throw reason;
  }
  return undefined;
}
