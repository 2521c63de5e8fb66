import { readRowCount } from "../arrow/index.ts";
import type { FlightFrame } from "../flight/index.ts";
import type { CsvOptions } from "../rows/index.ts";
import { encodeOutput } from "./formats.ts";
import type { RowFormat } from "./row-formats.ts";
import { showProgress, type ProgressBar } from "./progress.ts";
import type { DatasetStream } from "./read-dataset.ts";
import { writeOutput } from "./write-output.ts";

/** The destination of a dataset's rows. */
export interface Download {
  readonly name: string;
  /** Undefined for standard output. */
  readonly path: string | undefined;
  readonly format: RowFormat;
  readonly csv?: CsvOptions | undefined;
  readonly signal: AbortSignal;
  readonly quiet: boolean;
}

/** Writes rows to a file or to standard output, and shows the progress. Returns the number of rows. */
export async function download(
  { rowCount, frames }: DatasetStream,
  { name, path, format, csv, signal, quiet }: Download,
): Promise<number> {
  using bar = await showProgress({ label: name, unit: "rows", total: rowCount, quiet });
  let written = 0;
  const counted: ProgressBar["update"] = (count) => bar.update((written = count));
  await writeOutput(encodeOutput(countRows(frames, counted), format, { path, signal, csv }), path, signal);
  return written;
}

async function* countRows(
  frames: AsyncIterable<FlightFrame>,
  onCount: (rowCount: number) => void,
): AsyncGenerator<FlightFrame, void, undefined> {
  let rowCount = 0;
  for await (const frame of frames) {
    const count = readRowCount(frame.header);
    yield frame;
    if (count !== undefined) onCount((rowCount += count));
  }
}
