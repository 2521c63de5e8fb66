import { asyncBufferFromUrl, parquetMetadataAsync } from "hyparquet";
import { fileUrl } from "./file-url.ts";

/** How a dataset lies in its file. */
export interface FooterSummary {
  readonly createdBy: string | undefined;
  readonly byteLength: number;
  readonly rowGroups: readonly { readonly rowCount: number; readonly byteLength: number }[];
  /** By the path of their schema, dotted where they are nested. */
  readonly columns: readonly StoredColumn[];
}

/** One column of a file, all row groups together. */
export interface StoredColumn {
  readonly path: string;
  readonly physicalType: string;
  readonly codec: string;
  readonly encodings: string;
  readonly compressedBytes: number;
  readonly plainBytes: number;
  /** Undefined where a row group does not say. */
  readonly nullCount: number | undefined;
}

/** Reads the footer of a dataset's file: a few ranges of it, whatever its size. */
export async function readFooter(name: string, signal: AbortSignal): Promise<FooterSummary> {
  const file = await asyncBufferFromUrl({ url: fileUrl(name), requestInit: { signal } });
  const { created_by: createdBy, row_groups: groups } = await parquetMetadataAsync(file);
  const columns = new Map<string, StoredColumn>();
  for (const { columns: chunks } of groups) {
    for (const { meta_data: chunk } of chunks) {
      if (chunk === undefined) continue;
      const path = chunk.path_in_schema.join(".");
      const before = columns.get(path);
      const nullCount = chunk.statistics?.null_count;
      const nullsBefore = before === undefined ? 0 : before.nullCount;
      columns.set(path, {
        path,
        physicalType: chunk.type,
        codec: join(before?.codec, [chunk.codec]),
        encodings: join(before?.encodings, chunk.encodings),
        compressedBytes: (before?.compressedBytes ?? 0) + Number(chunk.total_compressed_size),
        plainBytes: (before?.plainBytes ?? 0) + Number(chunk.total_uncompressed_size),
        nullCount: nullCount === undefined || nullsBefore === undefined ? undefined : nullsBefore + Number(nullCount),
      });
    }
  }
  const rowGroups = groups.map(({ num_rows: rowCount, columns: chunks }) => ({
    rowCount: Number(rowCount),
    byteLength: chunks.reduce((sum, { meta_data: chunk }) => sum + Number(chunk?.total_compressed_size ?? 0), 0),
  }));
  return { createdBy, byteLength: file.byteLength, rowGroups, columns: [...columns.values()] };
}

/** Names that row groups have in common, and those that they have not. */
function join(before: string | undefined, names: readonly string[]): string {
  return [...new Set([...(before?.split(", ") ?? []), ...names])].join(", ");
}
