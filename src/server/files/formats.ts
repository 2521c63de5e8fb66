import { encodeCsv, encodeNdjson, type CsvOptions } from "../../rows/index.ts";
import { FlightError, type FlightFrame } from "../../flight/index.ts";
import { toIpcStream } from "../../arrow/index.ts";

/** What a dataset can be answered as. */
export type FileFormat = "parquet" | "arrow" | "ndjson" | "csv";

/** What stands for a format in headers and names of files. */
interface FormatFacts {
  /** The media type that is answered, and those that may be asked for besides. */
  readonly mediaTypes: readonly [string, ...string[]];
  readonly extension: string;
}

/** All formats; of those that a client likes as well the first is answered. */
export const fileFormats: Readonly<Record<FileFormat, FormatFacts>> = {
  parquet: {
    mediaTypes: ["application/vnd.apache.parquet", "application/x-parquet", "application/octet-stream"],
    extension: "parquet",
  },
  ndjson: {
    mediaTypes: ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-lines"],
    extension: "ndjson",
  },
  csv: { mediaTypes: ["text/csv"], extension: "csv" },
  arrow: { mediaTypes: ["application/vnd.apache.arrow.stream"], extension: "arrows" },
};

const names = Object.keys(fileFormats) as FileFormat[];

/**
 * Picks the format to answer with.
 *
 * @param request - `format` of the query wins over the Accept header; a part of a dataset is Parquet for those alone who
 * like nothing better, as it costs a file
 * @throws FlightError INVALID_ARGUMENT where there is no such format
 * @returns undefined where nothing of what is accepted can be had
 */
export function pickFormat(request: {
  readonly format: string | null;
  readonly accept: string | null;
  readonly isPart: boolean;
}): FileFormat | undefined {
  const { format, accept, isPart } = request;
  if (format !== null) {
    const named = names.find((name) => name === format);
    if (named === undefined) {
      throw new FlightError("invalid_argument", `"format" must be one of ${names.join(", ")}`);
    }
    return named;
  }
  const offered = isPart ? [...names.filter((name) => name !== "parquet"), "parquet" as const] : names;
  const ranked = offered.map((name) => ({ name, quality: qualityOf(accept ?? "*/*", fileFormats[name].mediaTypes) }));
  const best = Math.max(...ranked.map(({ quality }) => quality));
  return best === 0 ? undefined : ranked.find(({ quality }) => quality === best)?.name;
}

/**
 * Checks that what is said of CSV is said where CSV is answered.
 *
 * @throws FlightError INVALID_ARGUMENT where it is not
 */
export function assertCsvOptions(csv: CsvOptions, format: FileFormat): void {
  const [name] = Object.keys(csv);
  if (name === undefined || format === "csv") return;
  throw new FlightError("invalid_argument", `"${name}" is for CSV alone, and the answer would be ${format}`);
}

/** How much a client likes one of some media types, from 0 (not at all) to 1. Source: RFC 9110, section 12.5.1. */
function qualityOf(accept: string, mediaTypes: readonly string[]): number {
  const ranges = accept.split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    return { type, quality: weight === undefined ? 1 : Number(weight.slice(2)) || 0 };
  });
  const ofType = (mediaType: string): number => {
    const [group] = mediaType.split("/");
    const wanted = [mediaType, `${group}/*`, "*/*"];
    const [found] = wanted.flatMap((each) => ranges.filter(({ type }) => type === each));
    return found?.quality ?? 0;
  };
  return Math.max(...mediaTypes.map(ofType));
}

/** Writes rows in a format. */
export function encodeRows(
  format: Exclude<FileFormat, "parquet">,
  frames: AsyncIterable<FlightFrame>,
  csv: CsvOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  switch (format) {
    case "ndjson":
      return encodeNdjson(frames);
    case "csv":
      return encodeCsv(frames, csv);
    case "arrow":
      return toIpcStream(frames);
  }
}
