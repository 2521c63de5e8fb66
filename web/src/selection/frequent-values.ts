import { textCells } from "hangar/rows";
import { readSpread, type ReadDataset } from "../api/read-selection.ts";

/** Values of a column that are frequent in a sample of its rows. */
export interface FrequentValues {
  /** The most frequent values, as docs/rows.md writes them, without nulls. */
  readonly values: readonly { readonly text: string; readonly rowCount: number }[];
  /** The rows of the sample. */
  readonly rowCount: number;
}

/** Rows that are read, from all over the dataset. */
const sampleRowsMax = 20_000;

/** Parts of the dataset that the sample is from: each is a request. */
const sampleRunCount = 4;

/** Different values that are counted. */
const distinctMax = 2000;

/** Values that are returned. */
const valuesMax = 12;

/** The longest value that is counted, in characters. */
const valueCharsMax = 200;

/**
 * Returns frequent values of a column.
 *
 * @throws FlightError as `readSpread`
 */
export async function readFrequentValues(
  dataset: ReadDataset,
  column: string,
  signal: AbortSignal,
): Promise<FrequentValues> {
  const counts = new Map<string, number>();
  let rowCount = 0;
  const rows = { columns: [column], filter: "", limit: sampleRowsMax, runCount: sampleRunCount };
  for await (const batch of readSpread(dataset, rows, signal)) {
    const read = textCells(batch.columns[0]!, batch.dictionaries);
    for (let i = 0; i < batch.rowCount; i++) {
      const text = read(i);
      if (text === null || text.length > valueCharsMax) continue;
      const count = counts.get(text);
      if (count !== undefined || counts.size < distinctMax) counts.set(text, (count ?? 0) + 1);
    }
    rowCount += batch.rowCount;
  }
  const ranked = [...counts].sort(([, a], [, b]) => b - a).slice(0, valuesMax);
  return { values: ranked.map(([text, count]) => ({ text, rowCount: count })), rowCount };
}
