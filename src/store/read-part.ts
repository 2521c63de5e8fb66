import { limitRows } from "../arrow/index.ts";
import type { DatasetSelection } from "../dataset/index.ts";
import type { FlightFrame } from "../flight/index.ts";
import { readParquetFrames, type ParquetPool } from "../parquet/index.ts";
import type { OpenDataset } from "./dataset-reader.ts";
import type { RowRange } from "./plan-endpoints.ts";
import { selectPart } from "./select-part.ts";

/**
 * Reads a selection of an open dataset.
 *
 * @param selection - `rows` is the range that the filter is applied to; all rows by default
 * @throws FlightError as `selectPart`, immediately; as `readParquetFrames`
 */
export function readPart(
  pool: ParquetPool,
  { file, facts }: Pick<OpenDataset, "file" | "facts">,
  selection: Omit<DatasetSelection, "dataset"> & { readonly rows?: RowRange | undefined },
  signal: AbortSignal,
): AsyncIterable<FlightFrame> {
  const { columnIndices, range, filter } = selectPart(facts, selection, selection.rows);
  const options = { signal, columnIndices, filter: filter?.bound, ...range };
  const frames = readParquetFrames(pool, file, facts, options);
  return filter ? limitRows(frames, filter) : frames;
}
