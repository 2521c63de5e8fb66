import { toFlightError } from "hangar/flight";
import { readFirstRows, readSpread, type ReadDataset } from "../api/read-selection.ts";
import { createSummariser } from "./summarise.ts";
import type { ColumnSummariser, ColumnSummary } from "./summary.ts";

/** Which rows and columns are looked at. */
export interface SummaryRequest {
  readonly dataset: ReadDataset;
  readonly columns: readonly string[];
  readonly filter: string;
  /** Rows at most; undefined for all. */
  readonly limit: number | undefined;
  /** Into how many runs a sample is divided; 16 by default. */
  readonly runCount?: number;
}

/** What a worker has to say: how far it is, and what it has seen by then. */
export type SummaryReply =
  | { readonly rowCount: number; readonly isDone: boolean; readonly summaries: ReadonlyMap<string, ColumnSummary> }
  | { readonly code: string; readonly message: string };

/** How often the worker tells what it has seen, in milliseconds. */
const tellMs = 400;

/** Runs of rows in a sample: each costs the server a search, which takes longest in files without page indexes. */
const defaultRunCount = 16;

/** What is kept of all columns together, and of one: some 60 MB at the most. */
const ofAll = { countedMax: 200_000, bytesMax: 20_000_000, sampleMax: 2 ** 20 };
const ofColumn = { countedMax: 10_000, bytesMax: 2_000_000, sampleMax: 2 ** 14 };

/** Different values whose hashes are kept, for an exact count: some 10 MB at the most. */
const distinctOfAllMax = 200_000;
const distinctOfColumnMax = 10_000;

const say = (reply: SummaryReply): void => postMessage(reply);

async function summarise(request: SummaryRequest): Promise<void> {
  const { dataset, columns, filter, limit, runCount = defaultRunCount } = request;
  const share = (name: keyof typeof ofAll): number => Math.min(ofColumn[name], Math.ceil(ofAll[name] / columns.length));
  const limits = {
    countedMax: share("countedMax"),
    bytesMax: share("bytesMax"),
    sampleMax: share("sampleMax"),
    // Columns take of it what they need: most have few values, and one with too many gives all of its back.
    distinct: { ofColumnMax: distinctOfColumnMax, left: distinctOfAllMax },
  };
  const summarisers = new Map<string, ColumnSummariser>();
  let rowCount = 0;
  const tell = (isDone: boolean): void =>
    say({ rowCount, isDone, summaries: new Map([...summarisers].map(([name, each]) => [name, each.summary()])) });
  let toldMs = performance.now();
  // Whoever needs no more ends the worker, and with it the call.
  const { signal } = new AbortController();
  const batches =
    limit === undefined
      ? readFirstRows(dataset, { columns, filter, limit: Number.MAX_SAFE_INTEGER }, signal)
      : readSpread(dataset, { columns, filter, limit, runCount }, signal);
  for await (const batch of batches) {
    for (const column of batch.columns) {
      const { name } = column.field;
      const summariser = summarisers.get(name) ?? createSummariser(column.field, limits);
      summarisers.set(name, summariser);
      summariser.add(column, batch.dictionaries, batch.rowCount);
    }
    rowCount += batch.rowCount;
    if (performance.now() - toldMs < tellMs) continue;
    tell(false);
    toldMs = performance.now();
  }
  tell(true);
}

addEventListener("message", ({ data }: MessageEvent<SummaryRequest>) => {
  summarise(data).catch((reason: unknown) => {
    const { code, message } = toFlightError(reason);
    say({ code, message });
  });
});
