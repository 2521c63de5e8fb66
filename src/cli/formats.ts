import { extname } from "node:path";
import { encodeIpcFile, toIpcStream } from "../arrow/index.ts";
import { type FlightFrame } from "../flight/index.ts";
import { encodeCsv, encodeNdjson, type CsvOptions } from "../rows/index.ts";
import { UsageError } from "./exit-code.ts";
import type { RowFormat } from "./row-formats.ts";
import { toTableText, type TablePlace } from "./table-text.ts";

const formatByExtension: Readonly<Record<string, RowFormat>> = {
  ".parquet": "parquet",
  ".arrow": "arrow",
  ".arrows": "arrow",
  ".feather": "arrow",
  ".csv": "csv",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".json": "json",
  ".txt": "table",
};

/** Returns the usual extension of a format's files. */
export function extensionOf(format: RowFormat): string {
  return Object.entries(formatByExtension).find(([, each]) => each === format)?.[0] ?? "";
}

/** Returns whether a file is a Parquet or an Arrow file by its extension, so that `hangar put` takes it. */
export function isDataFile(path: string): boolean {
  return /^(arrow|parquet)$/.test(formatByExtension[extname(path).toLowerCase()] ?? "");
}

/**
 * Returns the format of a file name.
 *
 * @param options - whether the command has `--format`, which the error then names
 * @throws UsageError if no format has this extension
 */
export function formatOfFile(path: string, { hasFlag }: { readonly hasFlag: boolean }): RowFormat {
  const extension = extname(path).toLowerCase();
  const format = formatByExtension[extension];
  if (format !== undefined) return format;
  const problem = extension === "" ? "the file has no extension" : `no format has the extension ${extension}`;
  const known = Object.keys(formatByExtension).join(", ");
  throw new UsageError(
    `${path}: ${problem}; use one of ${known}${hasFlag ? ", or choose the format with --format" : ""}`,
  );
}

/** The destination of encoded rows. */
export interface EncodeOptions {
  /** The file's name; undefined for standard output. */
  readonly path: string | undefined;
  readonly signal: AbortSignal;
  /** How CSV is written. */
  readonly csv?: CsvOptions | undefined;
  /** The properties of the place where a table is shown. */
  readonly place?: TablePlace | undefined;
}

/** Encodes frames in a format, in chunks. */
export function encodeOutput(
  frames: AsyncGenerator<FlightFrame, void, undefined>,
  format: RowFormat,
  { path, signal, csv, place }: EncodeOptions,
): AsyncIterable<Uint8Array | string> {
  switch (format) {
    case "table":
      return toTableText(frames, place);
    case "json":
      return toJsonArray(encodeNdjson(frames));
    case "ndjson":
      return encodeNdjson(frames);
    case "csv":
      return encodeCsv(frames, csv);
    case "arrow":
      return path === undefined || path.endsWith(".arrows") ? toIpcStream(frames) : encodeIpcFile(frames);
    case "parquet":
      return toParquet(frames, signal);
  }
}

/** Loads the Parquet code only when it is needed, because it takes longer to start than a command. */
async function* toParquet(
  frames: AsyncGenerator<FlightFrame, void, undefined>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { encodeParquet } = await import("./encode-parquet.ts");
  yield* encodeParquet(frames, signal);
}

/** Converts NDJSON to one JSON array, with a line for each row. */
async function* toJsonArray(lines: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let separator = "[\n";
  for await (const chunk of lines) {
    yield separator + decoder.decode(chunk, { stream: true }).replace(/\n$/, "").replaceAll("\n", ",\n");
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
}
