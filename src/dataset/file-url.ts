import type { FilterInput } from "../filter/index.ts";
import { splitName } from "./dataset-name.ts";

/** The path below which datasets are served as files. */
export const filesPath = "/datasets/";

/** The format and the selection of a file URL. */
export interface FileUrlOptions {
  /** The format. `parquet` returns the stored file, or a new file if there is a selection. By default, the Accept header decides. */
  readonly format?: "parquet" | "arrow" | "arrow-file" | "ndjson" | "json" | "csv" | undefined;
  /** Names of columns; all columns by default. */
  readonly columns?: readonly string[] | undefined;
  /** The filter for rows; all rows by default. */
  readonly filter?: FilterInput | undefined;
  /** The number of filtered rows to skip; 0 by default. */
  readonly offset?: number | undefined;
  /** The maximum number of rows; unlimited by default. */
  readonly limit?: number | undefined;
  /** The version of the dataset. The server refuses the request if it has another version. */
  readonly version?: string | undefined;
  /** For CSV: whether the file starts with a byte order mark, so that Excel reads it as UTF-8. */
  readonly bom?: boolean | undefined;
  /** For CSV: `formulas` adds an apostrophe to text that a spreadsheet would run as a formula. */
  readonly guard?: "formulas" | undefined;
}

/**
 * Returns the URL of a dataset as a file on a Hangar server, for DuckDB, a link or `fetch`.
 *
 * @param server - the HTTP address of the server
 * @param name - the name of the dataset: the segments of its path, joined by `/`
 * @throws FlightError INVALID_ARGUMENT if the name is not a string
 */
export function createFileUrl(server: URL, name: string, options: FileUrlOptions = {}): string {
  const { format, columns = [], filter, offset, limit, version, bom, guard } = options;
  const path = splitName(name).map(encodeURIComponent).join("/");
  const query = new URLSearchParams();
  if (format !== undefined) query.set("format", format);
  for (const column of columns) query.append("column", column);
  if (filter !== undefined) query.set("filter", typeof filter === "string" ? filter : JSON.stringify(filter));
  if (offset !== undefined) query.set("offset", String(offset));
  if (limit !== undefined) query.set("limit", String(limit));
  if (version !== undefined) query.set("version", version);
  if (bom === true) query.set("bom", "1");
  if (guard !== undefined) query.set("guard", guard);
  const search = query.size === 0 ? "" : `?${query.toString()}`;
  return `${server.href.replace(/\/$/, "")}${filesPath}${path}${search}`;
}
