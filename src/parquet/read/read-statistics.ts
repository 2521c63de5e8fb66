import { compareOf } from "../../filter/index.ts";
import { decodeSchema, type Field, type Scalar } from "../../arrow/index.ts";
import { createFileSource } from "../workers/file-source.ts";
import { readColumnChunks, writerOf, type ColumnChunk } from "../format/column-chunks.ts";
import { statisticsFooterBytesMax } from "./limits.ts";
import { decodeThriftStruct } from "../format/thrift.ts";
import { findFooter } from "../format/find-footer.ts";
import { toKnownRange, unknownRange } from "./known-range.ts";
import type { ColumnStatistics, FileStatistics, StatisticsJob } from "../workers/worker-protocol.ts";

/**
 * Runs a statistics job. Returns the statistics of row groups and columns in the footer.
 *
 * @throws Error if the footer exceeds `statisticsFooterBytesMax`; RangeError if it is not valid
 */
export function readStatistics({ file, schemaHeader }: StatisticsJob): FileStatistics {
  const source = createFileSource(file);
  const { byteOffset, byteLength } = findFooter(source);
  if (byteLength > statisticsFooterBytesMax) {
    throw new Error(`the footer has ${byteLength} bytes; statistics of at most ${statisticsFooterBytesMax} are read`);
  }
  const footer = decodeThriftStruct(source.read(byteOffset, byteOffset + byteLength));
  const groups = readColumnChunks(footer);
  const { fields } = decodeSchema(schemaHeader);
  const columns = (groups[0]?.chunks ?? []).map((_, i) => {
    const chunks = groups.map((group) => group.chunks[i]!);
    return summarize(chunks, fields);
  });
  return {
    createdBy: writerOf(footer),
    rowGroups: groups.map(({ rowCount, chunks }) => ({
      rowCount,
      uncompressedByteLength: sum(chunks, (chunk) => chunk.uncompressedByteLength),
      compressedByteLength: sum(chunks, (chunk) => chunk.compressedByteLength),
    })),
    columns,
  };
}

/** Combines the statistics of a column over all row groups. A value that one row group does not state is undefined. */
function summarize(chunks: readonly ColumnChunk[], columns: readonly Field[]): ColumnStatistics {
  const { path } = chunks[0]!;
  const field = findField(path, columns);
  const known = chunks.map((chunk) =>
    field ? toKnownRange(chunk, field) : { ...unknownRange, nullCount: countNulls(chunk) },
  );
  const extreme = (which: "min" | "max"): Scalar | undefined => {
    // A chunk with only nulls has no bounds and does not affect those of the other chunks.
    const values = known.filter(({ nullCount }, i) => nullCount !== chunks[i]!.valueCount).map((range) => range[which]);
    return pick(values, which);
  };
  const nullCounts = known.map(({ nullCount }) => nullCount);
  return {
    path,
    codecs: [...new Set(chunks.map(({ codec }) => codec))],
    uncompressedByteLength: sum(chunks, (chunk) => chunk.uncompressedByteLength),
    compressedByteLength: sum(chunks, (chunk) => chunk.compressedByteLength),
    nullCount: nullCounts.includes(undefined) ? undefined : sum(nullCounts, (count) => count ?? 0),
    min: extreme("min"),
    max: extreme("max"),
    isCut: chunks.some((chunk) => chunk.isCut),
  };
}

/** Returns the null count of a field without bounds, such as list items; undefined if it is impossibly large. */
function countNulls({ nullCount, valueCount }: ColumnChunk): number | undefined {
  return nullCount !== undefined && nullCount > valueCount ? undefined : nullCount;
}

function pick(values: readonly (Scalar | undefined)[], which: "min" | "max"): Scalar | undefined {
  const [first] = values;
  if (first === undefined || values.includes(undefined)) return undefined;
  const compare = compareOf(first);
  const sign = which === "min" ? 1 : -1;
  return (values as Scalar[]).reduce((best, value) => (sign * compare(value, best) < 0 ? value : best));
}

/** Returns the field of a column chunk, if all its parents are structs. */
function findField(path: readonly string[], columns: readonly Field[]): Field | undefined {
  let among = columns;
  let found: Field | undefined;
  for (const name of path) {
    const [field, second] = among.filter((each) => each.name === name);
    if (field === undefined || second !== undefined) return undefined;
    found = field;
    among = field.type.kind === "struct" ? field.children : [];
  }
  return found?.children.length === 0 ? found : undefined;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
