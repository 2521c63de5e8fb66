import { connect } from "hangar";
import { FlightError, type PutMode } from "hangar/flight";
import { listDatasets } from "../api/list-datasets.ts";
import { serverUrl } from "../api/server.ts";
import { takesFiles } from "../api/takes-files.ts";
import { readArrowFile } from "./arrow-file.ts";
import { readFileKind } from "./upload-names.ts";

/** How a file is sent. */
export interface SendOptions {
  readonly mode: PutMode;
  readonly signal: AbortSignal;
  /** Told how many bytes of the file have gone. */
  onProgress(sentBytes: number): void;
}

type Data = File | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/**
 * Stores a file as a dataset: Arrow over Flight, Parquet as it is, where the server takes files.
 *
 * @throws FlightError ALREADY_EXISTS where there is a dataset of the name that is not to be replaced; INVALID_ARGUMENT
 * for a file that is neither; UNIMPLEMENTED for Parquet at a server that takes Flight alone; whatever the server says
 */
export async function sendFile(file: File, name: string, options: SendOptions): Promise<void> {
  switch (await readFileKind(file)) {
    case "parquet":
      return await send(file, name, options);
    case "arrow-file":
      return await send(await readArrowFile(file), name, options);
    case "arrow-stream":
      return await send(file.stream(), name, options);
  }
}

async function send(data: Data, name: string, { mode, signal, onProgress }: SendOptions): Promise<void> {
  const onPut = ({ byteLength }: { byteLength: number }): void => onProgress(byteLength);
  const isStore = await takesFiles(signal);
  if (!isStore) await assertPuttable(data, name, mode, signal);
  await connect(serverUrl).put(name, data, { signal, onProgress: onPut, ...(isStore && { mode }) });
}

/** Another server replaces what there is: it is looked for first, as well as can be done from here. */
async function assertPuttable(data: Data, name: string, mode: PutMode, signal: AbortSignal): Promise<void> {
  if (data instanceof File) throw new FlightError("unimplemented", "this server takes Arrow files, and no Parquet");
  if (mode === "replace") return;
  const { entries } = await listDatasets(signal);
  if (entries.some((entry) => entry.name === name)) {
    throw new FlightError("already_exists", `there is a dataset ${name}`);
  }
}
