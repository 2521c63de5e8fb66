import { useEffect, useState } from "react";
import type { FlightError } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { readSpread } from "../api/read-selection.ts";
import { useConnection } from "../state/connection.ts";
import { take } from "../state/use-load.ts";
import { PlotRowsReader, type PlotFields, type PlotRows } from "./plot-rows.ts";
import type { ReadZoom } from "./read-zoom.ts";

/** Which rows a plot reads. */
export interface PlotRequest extends PlotFields {
  readonly dataset: DatasetDescription;
  /** Empty for all rows. */
  readonly filter: string;
  readonly zoom: ReadZoom;
  /** Rows at most. */
  readonly limit: number;
}

/** The rows of a plot, as far as they have been read. */
export interface ReadingRows {
  /** Undefined until all have been read, or somebody has stopped it. */
  readonly rows: PlotRows | undefined;
  readonly readCount: number;
  readonly isStopped: boolean;
  readonly error: FlightError | undefined;
}

const nothing: ReadingRows = { rows: undefined, readCount: 0, isStopped: false, error: undefined };

/** How often the page tells how far the reading is, in milliseconds. */
const tellMs = 200;

/** Reads the rows of a plot. `stop` ends the reading, and draws what has been read. */
export function usePlotRows(request: PlotRequest): ReadingRows & { readonly stop: () => void } {
  const { epoch } = useConnection();
  const { dataset, x, y, colour, filter, zoom, limit } = request;
  const names = [x, y, colour].map((field) => field && [field.name, field.zone]);
  const key = JSON.stringify([dataset.name, dataset.changedMs, names, filter, zoom, limit, epoch]);
  const [state, setState] = useState({ key, reading: nothing });
  const [stopping, setStopping] = useState<AbortController>();
  useEffect(() => {
    const [leaving, stop] = [new AbortController(), new AbortController()];
    setStopping(stop);
    const tell = (reading: ReadingRows): void => void (leaving.signal.aborted || setState({ key, reading }));
    readRows(request, AbortSignal.any([leaving.signal, stop.signal]), tell).catch((reason: unknown) => {
      if (!leaving.signal.aborted) tell({ ...nothing, error: take(reason) });
    });
    return () => leaving.abort();
  }, [key]);
  const { reading } = state.key === key ? state : { reading: nothing };
  return { ...reading, stop: () => stopping?.abort() };
}

async function readRows(
  { dataset, x, y, colour, filter, zoom, limit }: PlotRequest,
  signal: AbortSignal,
  tell: (reading: ReadingRows) => void,
): Promise<void> {
  // Where rows are filtered, nobody knows how many there will be.
  const expected = filter === "" ? Math.min(limit, dataset.rowCount ?? limit) : 0;
  const reader = new PlotRowsReader({ x, y, colour }, expected);
  let toldMs = performance.now();
  try {
    for await (const batch of readSpread(dataset, { columns: reader.columns, filter, limit }, signal)) {
      reader.add(batch);
      if (performance.now() - toldMs < tellMs) continue;
      tell({ ...nothing, readCount: reader.readCount });
      toldMs = performance.now();
    }
  } catch (reason) {
    if (!signal.aborted) throw reason;
  }
  tell({ rows: reader.rows(zoom), readCount: reader.readCount, isStopped: signal.aborted, error: undefined });
}
