import { decodeIpcStream } from "../flight/index.ts";
import { openParquetFile } from "./worker-files.ts";
import type { DescribeJob, FileDescription } from "./worker-protocol.ts";

/** Runs a describe job. @throws Error where the file cannot be read */
export async function describeFile({ file }: DescribeJob): Promise<FileDescription> {
  const parquet = await openParquetFile(file);
  const [schemaFrame] = decodeIpcStream(parquet.schema().intoIPCStream());
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
