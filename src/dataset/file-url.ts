import { filesPath } from "./wire-words.ts";
import type { FilterInput } from "./dataset-command.ts";

/** What a dataset is as a file. */
export interface FileUrlOptions {
  /** `parquet` is the file as it lies, or, of what is selected, one of its own; left out, the reader's Accept header decides. */
  readonly format?: "parquet" | "arrow" | "ndjson" | "csv" | undefined;
  /** Columns by name; all where left out. */
  readonly columns?: readonly string[] | undefined;
  /** Which rows. */
  readonly filter?: FilterInput | undefined;
  /** Rows of those to skip. */
  readonly offset?: number | undefined;
  /** Rows at most. */
  readonly limit?: number | undefined;
  /** The version that is meant; a server that has another refuses. */
  readonly version?: string | undefined;
  /** Of CSV: begins with a byte order mark, by which Excel knows UTF-8. */
  readonly bom?: boolean | undefined;
  /** Of CSV: `formulas` has text that begins as a formula stand behind an apostrophe. */
  readonly guard?: "formulas" | undefined;
}

/**
 * The URL by which a Hangar server has a dataset as a file: for DuckDB, a link, `fetch`.
 *
 * @param server - its address by HTTP
 * @param name - the segments of the dataset's path, joined by `/`
 */
export function createFileUrl(server: URL, name: string, options: FileUrlOptions = {}): string {
  const { format, columns = [], filter, offset, limit, version, bom, guard } = options;
  const path = name.split("/").map(encodeURIComponent).join("/");
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
