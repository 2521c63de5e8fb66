import { connect } from "hangar";
import { FlightError, type FlightErrorCode, type PutMode } from "hangar/flight";
import { fileUrl } from "../api/file-url.ts";
import { readArrowFile } from "./arrow-file.ts";
import { fileKind, kindBytes } from "./upload-names.ts";

/** How a file is sent. */
export interface SendOptions {
  readonly mode: PutMode;
  readonly signal: AbortSignal;
  /** Told how many bytes of the file have gone. */
  onProgress(sentBytes: number): void;
}

/**
 * Stores a file as a dataset: Arrow over Flight, Parquet as it is.
 *
 * @throws FlightError ALREADY_EXISTS where there is a dataset of the name that is not to be replaced; INVALID_ARGUMENT
 * for a file that is neither; whatever the server says
 */
export async function sendFile(file: File, name: string, options: SendOptions): Promise<void> {
  const kind = fileKind(new Uint8Array(await file.slice(0, kindBytes).arrayBuffer()));
  switch (kind) {
    case "parquet":
      return await sendParquet(file, name, options);
    case "arrow-file":
      return await sendArrow(readArrowFile(file), name, options);
    case "arrow-stream":
      return await sendArrow(file.stream(), name, options);
    case "unknown":
      throw new FlightError("invalid_argument", `${file.name} is neither a Parquet nor an Arrow file`);
  }
}

async function sendArrow(
  chunks: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  name: string,
  options: SendOptions,
): Promise<void> {
  const { mode, signal, onProgress } = options;
  const onPut = ({ byteLength }: { byteLength: number }): void => onProgress(byteLength);
  await connect(location.origin).put(name, chunks, { mode, signal, onProgress: onPut });
}

/** The codes of failures that the server's file door tells by their status alone. */
const codes: Readonly<Record<number, FlightErrorCode>> = {
  0: "unavailable",
  404: "unimplemented",
  412: "already_exists",
};

/** `fetch` tells nothing of how much of a body has gone; this older way does. */
async function sendParquet(file: File, name: string, { mode, signal, onProgress }: SendOptions): Promise<void> {
  signal.throwIfAborted();
  const request = new XMLHttpRequest();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  request.upload.addEventListener("progress", ({ loaded }) => onProgress(loaded));
  request.addEventListener("load", () => (request.status < 300 ? resolve() : reject(failureOf(request))));
  request.addEventListener("error", () => reject(failureOf(request)));
  request.addEventListener("abort", () => reject(signal.reason));
  signal.addEventListener("abort", () => request.abort(), { once: true });
  request.open("PUT", fileUrl(name));
  if (mode === "create") request.setRequestHeader("if-none-match", "*");
  request.send(file);
  await promise;
}

function failureOf({ status, responseText }: XMLHttpRequest): FlightError {
  if (status === 0) return new FlightError("unavailable", "the connection to the server failed");
  const answer = readAnswer(responseText);
  if (status === 404 && answer === undefined) {
    return new FlightError("unimplemented", "this server takes no Parquet files; send Arrow ones");
  }
  return new FlightError(
    codes[status] ?? answer?.code ?? "unknown",
    answer?.message ?? `the server answered ${status}`,
  );
}

function readAnswer(text: string): { code: FlightErrorCode; message: string } | undefined {
  try {
    return JSON.parse(text) as { code: FlightErrorCode; message: string };
  } catch {
    return undefined;
  }
}
