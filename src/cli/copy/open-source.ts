import { existsSync } from "node:fs";
import { decodeMessage, decodeSchema, readIpcStream, type Field } from "../../arrow/index.ts";
import { FlightError, type FlightFrame } from "../../flight/index.ts";
import { openInput } from "../open-input.ts";
import { readDataset } from "../read-dataset.ts";
import type { CopyEnd } from "./expand-source.ts";

/** The rows of a source, and what of them was read. */
export interface OpenSource extends AsyncDisposable {
  /** The expected number of rows; undefined if it is not known. */
  readonly rowCount: number | undefined;
  /** The frames, which can be read once. */
  readonly frames: AsyncGenerator<FlightFrame, void, undefined>;
  /** The columns and the number of rows up to now. */
  readonly seen: SeenRows;
}

/** The columns and the number of rows of frames. */
export interface SeenRows {
  fields: readonly Field[];
  rowCount: number;
}

/** Opens a dataset or a file. */
export async function openSource(end: CopyEnd, signal: AbortSignal): Promise<OpenSource> {
  const seen: SeenRows = { fields: [], rowCount: 0 };
  if (end.kind === "dataset") {
    const { rowCount, frames } = await readDataset(end.call, end.name).catch((reason: unknown) => {
      throw suggestFile(end.shown, reason);
    });
    return { rowCount, frames: watch(frames, seen), seen, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const input = await openInput(end.path, signal);
  const frames = watch(readIpcStream(input.chunks), seen);
  return { rowCount: input.total.rows, frames, seen, [Symbol.asyncDispose]: () => input[Symbol.asyncDispose]() };
}

/** Returns an error about a dataset that does not exist with the file that has its name, if there is one. */
function suggestFile(name: string, reason: unknown): unknown {
  if (!(reason instanceof FlightError && reason.code === "not_found" && existsSync(name))) return reason;
  return new FlightError(reason.code, `${reason.message}; did you mean the file ./${name}?`, { cause: reason });
}

async function* watch(
  frames: AsyncIterable<FlightFrame>,
  seen: SeenRows,
): AsyncGenerator<FlightFrame, void, undefined> {
  for await (const frame of frames) {
    const message = decodeMessage(frame.header);
    if (message.kind === "schema") seen.fields = decodeSchema(frame.header).fields;
    if (message.kind === "record_batch") seen.rowCount += message.layout.rowCount;
    yield frame;
  }
}
