import { decodeIpcStream, decodeSchema, type Field } from "../../arrow/index.ts";
import { openParquetFile } from "../workers/worker-files.ts";
import type { DescribeJob, FileDescription } from "../workers/worker-protocol.ts";

/** Runs a describe job. @throws Error where the file cannot be read */
export async function describeFile({ file }: DescribeJob): Promise<FileDescription> {
  const parquet = await openParquetFile(file);
  const [schemaFrame] = decodeIpcStream(parquet.schema().intoIPCStream());
  if (schemaFrame === undefined) throw new Error("the file has no schema");
  const { fields } = decodeSchema(schemaFrame.header);
  if (fields.some(hasNul)) throw new Error("a column has a NUL in its name");
  using metadata = parquet.metadata();
  const rowGroups = metadata.rowGroups().map((group) => {
    const description = { rowCount: group.numRows(), byteLength: group.totalByteSize() };
    group.free();
    if (!isCount(description.rowCount) || !isCount(description.byteLength)) {
      throw new Error("the footer has a row group with a negative size");
    }
    return description;
  });
  return { schemaHeader: schemaFrame.header.slice(), rowGroups };
}

/** Whether a field's name, or one in it, ends early for the strings in which parquet-wasm gives its batches. */
function hasNul({ name, children }: Field): boolean {
  return name.includes("\0") || children.some(hasNul);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
