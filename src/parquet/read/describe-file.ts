import type { ParquetFile } from "parquet-wasm";
import { decodeIpcStream, decodeSchema, encodeSchema, type Field } from "../../arrow/index.ts";
import { shownNames } from "../format/shown-names.ts";
import { UnsupportedError } from "../format/unsupported-error.ts";
import { openParquetFile, showOpenFile } from "../workers/worker-files.ts";
import type { DescribeJob, FileDescription } from "../workers/worker-protocol.ts";

/** Runs a describe job. @throws Error where the file cannot be read */
export async function describeFile({ file }: DescribeJob): Promise<FileDescription> {
  const parquet = await openParquetFile(file);
  const schemaHeader = readSchemaHeader(parquet, showOpenFile(file).columnNames);
  using metadata = parquet.metadata();
  const rowGroups = metadata.rowGroups().map((group) => {
    const description = { rowCount: group.numRows(), byteLength: group.totalByteSize() };
    group.free();
    if (!isCount(description.rowCount) || !isCount(description.byteLength)) {
      throw new Error("the footer has a row group with a negative size");
    }
    return description;
  });
  return { schemaHeader, rowGroups };
}

/** The schema that a file's batches have, with the names that the file gives its columns. */
function readSchemaHeader(parquet: ParquetFile, columnNames: readonly string[]): Uint8Array {
  const [frame] = decodeIpcStream(parquet.schema().intoIPCStream());
  if (frame === undefined) throw new Error("the file has no schema");
  const schema = decodeSchema(frame.header);
  const names = shownNames(columnNames);
  if (schema.fields.length !== names.length || schema.fields.some(({ name }, i) => name !== names[i])) {
    throw new Error("its schema has other columns than its footer says");
  }
  if (schema.fields.some(({ children }) => children.some(hasNul))) {
    throw new UnsupportedError("a field of a column has a NUL in its name");
  }
  if (names === columnNames) return frame.header.slice();
  return encodeSchema({ ...schema, fields: schema.fields.map((field, i) => ({ ...field, name: columnNames[i]! })) });
}

/** Whether the name of a field, or one in it, ends early for the strings in which parquet-wasm gives its batches. */
function hasNul({ name, children }: Field): boolean {
  return name.includes("\0") || children.some(hasNul);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
