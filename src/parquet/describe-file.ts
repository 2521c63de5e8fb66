import { decodeIpcStream } from "../flight/index.ts";
import { openParquetFile } from "./worker-files.ts";
import type { DescribeJob, FileDescription } from "./worker-protocol.ts";

/** Runs a describe job. @throws Error where the file cannot be read */
export async function describeFile({ file }: DescribeJob): Promise<FileDescription> {
  const parquet = await openParquetFile(file);
  // `parquet.schema()` names view types, which its batches do not have; theirs lacks the schema's own metadata.
  using fileSchema = parquet.schema();
  using table = await parquet.read({ limit: 0 });
  using batchSchema = table.schema;
  const schema = batchSchema.withMetadata(fileSchema.metadata());
  const [schemaFrame] = decodeIpcStream(schema.intoIPCStream());
  if (schemaFrame === undefined) throw new Error("the file has no schema");
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

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
