/**
 * The formats of rows and of lists of datasets. `arrow` is the stream format on standard output and the file format in
 * a file.
 */
export const rowFormats = ["table", "json", "ndjson", "csv", "arrow", "parquet"] as const;

/** One of them. */
export type RowFormat = (typeof rowFormats)[number];
