import { encodeCsv, encodeJson, encodeNdjson, type CsvOptions } from "../../rows/index.ts";
import { FlightError, type FlightFrame } from "../../flight/index.ts";
import { encodeIpcFile, toIpcStream } from "../../arrow/index.ts";

/** The formats of a dataset. */
export type FileFormat = "parquet" | "ndjson" | "csv" | "json" | "arrow" | "arrow-file";

/** The properties of a format in headers and file names. */
interface FormatFacts {
  /** The media type of the response, followed by other media types that a client may request. */
  readonly mediaTypes: readonly [string, ...string[]];
  readonly extension: string;
}

/** All formats. Among equally preferred formats, the first is used. */
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
  json: { mediaTypes: ["application/json"], extension: "json" },
  arrow: { mediaTypes: ["application/vnd.apache.arrow.stream"], extension: "arrows" },
  "arrow-file": { mediaTypes: ["application/vnd.apache.arrow.file"], extension: "arrow" },
};

const names = Object.keys(fileFormats) as FileFormat[];

/**
 * Selects the format of a response.
 *
 * @param request - `format` of the query has priority over the Accept header. A part of a dataset is Parquet only if
 * the client prefers no other format, because Parquet needs a temporary file.
 * @throws FlightError INVALID_ARGUMENT if the format does not exist
 * @returns undefined if no format is acceptable
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
  const ranked = offered.map((name) => ({
    name,
    quality: acceptedQuality(accept ?? "*/*", fileFormats[name].mediaTypes),
  }));
  const best = Math.max(...ranked.map(({ quality }) => quality));
  return best === 0 ? undefined : ranked.find(({ quality }) => quality === best)?.name;
}

/**
 * Asserts that options of CSV are used only with CSV.
 *
 * @throws FlightError INVALID_ARGUMENT if the format is another one
 */
export function assertCsvOptions(csv: CsvOptions, format: FileFormat): void {
  const [name] = Object.keys(csv);
  if (name === undefined || format === "csv") return;
  throw new FlightError("invalid_argument", `"${name}" needs CSV; the response format is ${format}`);
}

/** Returns how much a client prefers a format, from 0 (not acceptable) to 1. Source: RFC 9110, section 12.5.1. */
export function acceptedQuality(accept: string, mediaTypes: readonly string[]): number {
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

/** Encodes rows in a format. */
export function encodeRows(
  format: Exclude<FileFormat, "parquet">,
  frames: AsyncIterable<FlightFrame>,
  csv: CsvOptions,
): AsyncIterable<Uint8Array> {
  switch (format) {
    case "ndjson":
      return encodeNdjson(frames);
    case "csv":
      return encodeCsv(frames, csv);
    case "json":
      return encodeJson(frames);
    case "arrow":
      return toIpcStream(frames);
    case "arrow-file":
      return encodeIpcFile(frames);
  }
}
