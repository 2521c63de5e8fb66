/** Rows that follow one another. */
export interface RowRange {
  /** The first row, from 0 in the dataset. */
  readonly offset: number;
  /** How many there are. */
  readonly limit: number;
}

/** The input of the plan. */
export interface EndpointPlanInput {
  /** Rows of each row group of the dataset. */
  readonly groupRowCounts: readonly number[];
  /** The rows that are asked for, all of them in the dataset. */
  readonly range: RowRange;
  /** How many endpoints are asked for, at least 1. */
  readonly endpointCount: number;
}

/** The maximum distance between an even cut and the start of a row group, as a fraction of an endpoint's rows. */
const moveShareMax = 0.25;

/**
 * Divides rows among endpoints, in order and evenly. If a row group starts within a quarter of an endpoint's rows from
 * a cut, the cut moves there, so that only one endpoint reads the group. No endpoint is empty, except that no rows have
 * one endpoint. With fewer rows than endpoints, each row has its own endpoint.
 */
export function planEndpoints({ groupRowCounts, range, endpointCount }: EndpointPlanInput): RowRange[] {
  const count = Math.max(1, Math.min(endpointCount, range.limit));
  const share = range.limit / count;
  const starts = groupStarts(groupRowCounts);
  const cuts = Array.from({ length: count + 1 }, (_, i) => {
    const even = range.offset + Math.round(share * i);
    if (i === 0 || i === count) return even;
    const start = nearest(starts, even);
    return Math.abs(start - even) <= share * moveShareMax ? start : even;
  });
  return cuts.slice(0, -1).map((cut, i) => ({ offset: cut, limit: cuts[i + 1]! - cut }));
}

/** The first row of each row group, and the end of the last. */
function groupStarts(groupRowCounts: readonly number[]): number[] {
  const starts = [0];
  for (const rowCount of groupRowCounts) starts.push(starts.at(-1)! + rowCount);
  return starts;
}

function nearest(starts: readonly number[], row: number): number {
  return starts.reduce((best, start) => (Math.abs(start - row) < Math.abs(best - row) ? start : best));
}
