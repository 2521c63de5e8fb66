/** What a dataset can be downloaded as. */
export type FileFormat = "parquet" | "arrow" | "csv" | "ndjson";

/** What is downloaded of a dataset. */
export interface FileSelection {
  readonly format: FileFormat;
  /** All where left out. */
  readonly columns?: readonly string[] | undefined;
  /** Empty for all rows. */
  readonly filter?: string | undefined;
}

/** The path of a dataset as a file, or of what is selected of it; pure. */
export function fileUrl(name: string, selection?: FileSelection): string {
  const path = `/datasets/${name.split("/").map(encodeURIComponent).join("/")}`;
  if (selection === undefined) return path;
  const fields = new URLSearchParams({ format: selection.format });
  for (const column of selection.columns ?? []) fields.append("column", column);
  if (selection.filter) fields.set("filter", selection.filter);
  return `${path}?${fields.toString()}`;
}
