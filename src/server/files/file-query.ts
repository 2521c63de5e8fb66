import type { FilterInput } from "../../filter/index.ts";
import { FlightError, quoteName } from "../../flight/index.ts";
import type { CsvOptions } from "../../rows/index.ts";
import { type DatasetName, type DatasetSelection, filesPath, parseDatasetName } from "../../dataset/index.ts";

/** The path of the root folder, without its last `/`. */
export const filesRoot = filesPath.slice(0, -1);

/** Returns whether a path is the URL of a dataset's file or of a folder. */
export function isFilesPath(path: string): boolean {
  return path.startsWith(filesPath) || path === filesRoot;
}

/** The query of a dataset's URL. */
export interface FileQuery {
  readonly name: DatasetName;
  readonly format: string | null;
  readonly selection: Omit<DatasetSelection, "dataset">;
  /** The required version; null for any version. */
  readonly version: string | null;
  /** The options of CSV; empty by default. */
  readonly csv: CsvOptions;
  /** Whether the query selects columns or rows. */
  readonly isPart: boolean;
}

const parameters = ["format", "columns", "column", "filter", "where", "offset", "limit", "version", "bom", "guard"];

/**
 * Parses a URL: the segments of a name after `/datasets/`, and the selection in the query. Columns are `columns=a,b`,
 * or several `column=…` if a name has a comma.
 *
 * @throws FlightError INVALID_ARGUMENT if the path is not a dataset name, or if a parameter is unknown, repeated or
 * wrong
 */
export function parseFileQuery(url: URL): FileQuery {
  const { searchParams } = url;
  for (const name of searchParams.keys()) {
    if (!parameters.includes(name)) throw invalid(`there is no parameter ${quoteName(name)}`);
    if (name !== "column" && searchParams.getAll(name).length > 1) throw invalid(`"${name}" is given twice`);
  }
  const columns = [...(searchParams.get("columns")?.split(",") ?? []), ...searchParams.getAll("column")];
  const selection = {
    columns: columns.length === 0 ? undefined : [...new Set(columns)],
    filter: parseFilterParameter(searchParams),
    offset: parseCount(searchParams, "offset"),
    limit: parseCount(searchParams, "limit"),
  };
  const isPart = Object.values(selection).some((value) => value !== undefined);
  return {
    name: parseName(url.pathname),
    format: searchParams.get("format"),
    version: searchParams.get("version"),
    selection,
    csv: parseCsvOptions(searchParams),
    isPart,
  };
}

/**
 * Parses the name of a dataset in a path. The segments are decoded one by one. `http/request-target.ts` has already
 * refused an encoded `/`.
 *
 * @throws FlightError INVALID_ARGUMENT if it is not a name
 */
export function parseName(path: string): DatasetName {
  const segments = path.slice(filesPath.length).split("/").map(decodeSegment);
  return parseDatasetName(segments.join("/"));
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (reason) {
    throw new FlightError("invalid_argument", "the path is not percent-encoded UTF-8", { cause: reason });
  }
}

/** Parses a filter: text, or JSON. A filter as text starts with neither a bracket nor a brace. `where` is the same. */
function parseFilterParameter(searchParams: URLSearchParams): FilterInput | undefined {
  if (searchParams.has("filter") && searchParams.has("where")) throw invalid('"where" is the same as "filter"');
  const filter = searchParams.get("filter") ?? searchParams.get("where");
  if (filter === null || !/^[[{]/.test(filter)) return filter ?? undefined;
  try {
    return JSON.parse(filter) as FilterInput;
  } catch (reason) {
    throw new FlightError("invalid_argument", '"filter" starts like JSON, but is not JSON', { cause: reason });
  }
}

function parseCsvOptions(searchParams: URLSearchParams): CsvOptions {
  const [bom, guard] = [searchParams.get("bom"), searchParams.get("guard")];
  if (bom !== null && bom !== "0" && bom !== "1") throw invalid('"bom" must be 0 or 1');
  if (guard !== null && guard !== "formulas") throw invalid('"guard" must be formulas');
  return { ...(bom !== null && { bom: bom === "1" }), ...(guard !== null && { guard }) };
}

function parseCount(searchParams: URLSearchParams, name: string): number | undefined {
  const text = searchParams.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(Number(text))) {
    throw invalid(`"${name}" must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return Number(text);
}

function invalid(message: string): FlightError {
  return new FlightError("invalid_argument", message);
}
