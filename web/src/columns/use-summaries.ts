import { useEffect, useState } from "react";
import { FlightError, type FlightErrorCode } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import type { ReadDataset } from "../api/read-selection.ts";
import { useConnection } from "../state/connection.ts";
import { take } from "../state/use-load.ts";
import type { ColumnSummary } from "./summary.ts";
import type { SummaryReply, SummaryRequest } from "./summarise.worker.ts";

/** What has been seen of the columns by now. */
export interface Summaries {
  readonly summaries: ReadonlyMap<string, ColumnSummary>;
  readonly rowCount: number;
  readonly isDone: boolean;
  /** Whether somebody has stopped it before all rows were read. */
  readonly isStopped: boolean;
  readonly error: FlightError | undefined;
}

const nothing: Summaries = { summaries: new Map(), rowCount: 0, isDone: false, isStopped: false, error: undefined };

/** What a worker needs to know of a dataset. */
export function toReadDataset(dataset: DatasetDescription): ReadDataset {
  const { name, nested, hasSelections, rowCount, changedMs, byteLength } = dataset;
  return { name, nested, hasSelections, rowCount, changedMs, byteLength };
}

/**
 * Has a worker read rows, so that the page stays quick; it ends when nobody needs it any more.
 *
 * @param request - what is read; undefined for nothing
 * @returns what has been seen; columns are those of the rows before, until rows have been read; `stop` ends the reading, and keeps that; `restart` begins anew
 */
export function useSummaries(
  request: SummaryRequest | undefined,
): Summaries & { readonly stop: () => void; readonly restart: () => void } {
  const { epoch } = useConnection();
  const key = JSON.stringify(request);
  const ofDataset = JSON.stringify(request?.dataset);
  const [found, setFound] = useState({ key, ofDataset, summaries: nothing });
  const [runs, setRuns] = useState({ count: 0, stoppedKey: "" });
  const runKey = `${key} ${epoch} ${runs.count}`;
  const isStopped = runs.stoppedKey === runKey;
  useEffect(() => {
    if (isStopped || request === undefined) return undefined;
    const worker = new Worker(new URL("summarise.worker.ts", import.meta.url), { type: "module" });
    const show = (summaries: Summaries): void => setFound({ key, ofDataset, summaries });
    const fail = (code: FlightErrorCode, message: string): void => {
      const error = take(new FlightError(code, message));
      // What has been found stays, as long as the server cannot be reached.
      setFound((before) => {
        const kept = before.key === key && code === "unavailable" ? before.summaries : nothing;
        return { key, ofDataset, summaries: { ...kept, isDone: true, error } };
      });
    };
    worker.addEventListener("message", ({ data }: MessageEvent<SummaryReply>) => {
      if ("summaries" in data) show({ ...data, isStopped: false, error: undefined });
      else fail(data.code as FlightErrorCode, data.message);
    });
    worker.addEventListener("error", () => fail("unavailable", "a part of this page could not be loaded"));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    worker.postMessage(request);
    return () => worker.terminate();
  }, [runKey, isStopped]);
  // What has been seen of other rows stays until there is more, so that nothing jumps.
  const before = found.ofDataset === ofDataset ? found.summaries.summaries : nothing.summaries;
  const summaries = found.key === key ? found.summaries : { ...nothing, summaries: before };
  return {
    ...summaries,
    isDone: summaries.isDone || isStopped,
    isStopped: isStopped && !summaries.isDone,
    stop: () => setRuns((before) => ({ ...before, stoppedKey: runKey })),
    restart: () => setRuns(({ count }) => ({ count: count + 1, stoppedKey: "" })),
  };
}
