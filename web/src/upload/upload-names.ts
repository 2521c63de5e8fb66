import { FlightError } from "hangar/flight";

/** What a file that is to be uploaded is, as its first bytes say. */
type FileKind = "parquet" | "arrow-file" | "arrow-stream" | "encrypted-parquet" | "feather-1" | "unknown";

/** Bytes that it takes to tell. */
const kindBytes = 6;

/** Tells a file by its first bytes; pure. */
function fileKind(head: Uint8Array): FileKind {
  const text = String.fromCharCode(...head.subarray(0, kindBytes));
  if (text.startsWith("PAR1")) return "parquet";
  if (text.startsWith("PARE")) return "encrypted-parquet";
  if (text.startsWith("FEA1")) return "feather-1";
  if (text === "ARROW1") return "arrow-file";
  return head[0] === 0xff && head[1] === 0xff && head[2] === 0xff && head[3] === 0xff ? "arrow-stream" : "unknown";
}

/**
 * Reads what a file is.
 *
 * @throws FlightError INVALID_ARGUMENT for one that no server takes
 */
export async function readFileKind(file: File): Promise<"parquet" | "arrow-file" | "arrow-stream"> {
  const kind = fileKind(new Uint8Array(await file.slice(0, kindBytes).arrayBuffer()));
  if (kind === "parquet" || kind === "arrow-file" || kind === "arrow-stream") return kind;
  throw new FlightError("invalid_argument", `${file.name} ${refusalOf(kind)}`);
}

/** Why files of a kind are not taken, to be said behind the file's name; pure. */
function refusalOf(kind: "encrypted-parquet" | "feather-1" | "unknown"): string {
  switch (kind) {
    case "encrypted-parquet":
      return "is a Parquet file with an encrypted footer, which is not taken";
    case "feather-1":
      return "is a Feather file of version 1, which is not taken; write it as version 2";
    case "unknown":
      return "is neither a Parquet nor an Arrow file";
  }
}

/** The name of a dataset that a file is offered: its own, with what a dataset is for an extension; pure. */
export function nameFor(fileName: string): string {
  return fileName.replace(/\.(arrow|arrows|feather|ipc)$/i, ".parquet");
}

/** What a transfer has come to. */
export interface Transfer {
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly elapsedMs: number;
}

/** How fast a transfer is and what it still takes; undefined before there is anything to tell from; pure. */
export function rateOf({
  sentBytes,
  totalBytes,
  elapsedMs,
}: Transfer): { bytesPerSecond: number; secondsLeft: number } | undefined {
  if (sentBytes === 0 || elapsedMs < 250) return undefined;
  const bytesPerSecond = (sentBytes * 1000) / elapsedMs;
  return { bytesPerSecond, secondsLeft: Math.ceil((totalBytes - sentBytes) / bytesPerSecond) };
}
