import type { ParquetFile } from "parquet-wasm";
import { decodeIpcStream, decodeSchema, encodeSchema, type Field } from "../../arrow/index.ts";
import { markField } from "../format/marked-leaves.ts";
import type { ShownFile } from "../format/show-file.ts";
import { shownNames } from "../format/shown-names.ts";
import { fromStoredType } from "../format/stored-schema.ts";
import { UnsupportedError } from "../format/unsupported-error.ts";
import { mapLeaves } from "../format/shown-leaves.ts";
import { assertLevels } from "./assert-levels.ts";
import { findWideTimestamps } from "./find-wide-timestamps.ts";
import { describeKnownSchema, keepSchema } from "./known-schemas.ts";
import { showOpenFile } from "../workers/shown-files.ts";
import { openParquetFile } from "../workers/worker-files.ts";
import type { DescribeJob, FileDescription } from "../workers/worker-protocol.ts";

/** Runs a describe job. @throws Error if the file cannot be read */
export async function describeFile({ file }: DescribeJob): Promise<FileDescription> {
  const known = describeKnownSchema(file);
  if (known) return known;
  const parquet = await openParquetFile(file);
  const shown = showOpenFile(file);
  const rowGroups = readRowGroups(parquet);
  const hasOpenLevels = rowGroups.length > 0 && shown.columnNames !== undefined && assertLevels(file);
  const own = readSchemaHeader(parquet, shown.columnNames);
  const shownSchema = shown.int96Leaves.length > 0 ? await findWideTimestamps(file, own, rowGroups.length) : undefined;
  const schemaHeader = toSchemaHeader(shownSchema ?? own, shown);
  const description = { schemaHeader, shownSchema, rowGroups };
  const dependsOnPages = hasOpenLevels || shown.int96Leaves.length > 0 || shown.columnNames === undefined;
  if (!dependsOnPages) keepSchema(file, description);
  return description;
}

function readRowGroups(parquet: ParquetFile): FileDescription["rowGroups"] {
  using metadata = parquet.metadata();
  return metadata.rowGroups().map((group) => {
    const description = { rowCount: group.numRows(), byteLength: group.totalByteSize() };
    group.free();
    if (!isCount(description.rowCount) || !isCount(description.byteLength)) {
      throw new Error("the footer has a row group with a negative size");
    }
    return description;
  });
}

/** Returns the schema of the batches that parquet-wasm decodes. */
function readSchemaHeader(parquet: ParquetFile, ownNames: readonly string[] | undefined): Uint8Array {
  const [frame] = decodeIpcStream(parquet.schema().intoIPCStream());
  if (frame === undefined) throw new Error("the file has no schema");
  const schema = decodeSchema(frame.header);
  const columnNames = ownNames ?? schema.fields.map(({ name }) => name);
  const names = shownNames(columnNames);
  if (schema.fields.length !== names.length || schema.fields.some(({ name }, i) => name !== names[i])) {
    throw new Error("its Arrow schema has other columns than its footer");
  }
  if (schema.fields.some(({ children }) => children.some(hasNul))) {
    throw new UnsupportedError("a field of a column has a NUL in its name");
  }
  return frame.header.slice();
}

/**
 * Returns the schema of a file's batches. It has the file's own names and units, intervals instead of their bytes, and
 * the marks of Parquet's logical types that are no types of Arrow.
 */
function toSchemaHeader(header: Uint8Array, shown: ShownFile): Uint8Array {
  const { columnNames, intervalLeaves, convertedLeaves, markedLeaves } = shown;
  const hasOwnNames = columnNames === undefined || shownNames(columnNames) === columnNames;
  if (hasOwnNames && intervalLeaves.length + convertedLeaves.size + markedLeaves.size === 0) return header;
  const schema = decodeSchema(header);
  const intervals = new Set(intervalLeaves);
  const fields = mapLeaves(schema.fields, (field, leaf) => {
    if (convertedLeaves.has(leaf)) return { ...field, type: fromStoredType(field.type) };
    const mark = markedLeaves.get(leaf);
    if (mark !== undefined) return markField(field, mark);
    return intervals.has(leaf) ? { ...field, type: { kind: "interval", unit: "month_day_nano" } } : field;
  });
  const named = fields.map((field, i) => ({ ...field, name: columnNames?.[i] ?? field.name }));
  return encodeSchema({ ...schema, fields: named });
}

/** Returns whether a NUL is in the name of a field or of a nested field. parquet-wasm's exported names end at a NUL. */
function hasNul({ name, children }: Field): boolean {
  return name.includes("\0") || children.some(hasNul);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
