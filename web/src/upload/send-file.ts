import { connect } from "hangar";
import { FlightError, type PutMode } from "hangar/flight";
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
      return await send(file, name, options);
    case "arrow-file":
      return await send(readArrowFile(file), name, options);
    case "arrow-stream":
      return await send(file.stream(), name, options);
    case "unknown":
      throw new FlightError("invalid_argument", `${file.name} is neither a Parquet nor an Arrow file`);
  }
}

async function send(
  data: File | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  name: string,
  { mode, signal, onProgress }: SendOptions,
): Promise<void> {
  const onPut = ({ byteLength }: { byteLength: number }): void => onProgress(byteLength);
  await connect(location.origin).put(name, data, { mode, signal, onProgress: onPut });
}
