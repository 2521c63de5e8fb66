import { toFlightError } from "hangar/flight";
import { readFirstRows, type ReadDataset } from "../api/read-selection.ts";
import { createSummariser, type ColumnSummariser, type ColumnSummary } from "./summarise.ts";

/** Which rows and columns are looked at. */
export interface SummaryRequest {
  readonly dataset: ReadDataset;
  readonly columns: readonly string[];
  readonly filter: string;
  /** Rows at most. */
  readonly limit: number;
}

/** What a worker has to say: how far it is, and what it has seen by then. */
export type SummaryReply =
  | { readonly rowCount: number; readonly isDone: boolean; readonly summaries: ReadonlyMap<string, ColumnSummary> }
  | { readonly code: string; readonly message: string };

/** How often the worker tells what it has seen, in milliseconds. */
const tellMs = 400;

/** Different texts that are counted, of all columns together and of one: some 50 MB at the most. */
const distinctMax = 200_000;
const distinctOfColumnMax = 10_000;

const say = (reply: SummaryReply): void => postMessage(reply);

async function summarise(request: SummaryRequest): Promise<void> {
  const summarisers = new Map<string, ColumnSummariser>();
  const options = { distinctMax: Math.min(distinctOfColumnMax, Math.ceil(distinctMax / request.columns.length)) };
  let rowCount = 0;
  const tell = (isDone: boolean): void =>
    say({ rowCount, isDone, summaries: new Map([...summarisers].map(([name, each]) => [name, each.summary()])) });
  let toldMs = performance.now();
  // Whoever needs no more ends the worker, and with it the call.
  for await (const batch of readFirstRows(request.dataset, request, new AbortController().signal)) {
    for (const column of batch.columns) {
      const { name } = column.field;
      const summariser = summarisers.get(name) ?? createSummariser(column.field, options);
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
