import { createRandom } from "./random.ts";

/** Runs of rows that are read of a dataset that is too large to read all of it; each costs the server a search. */
const spreadRunCount = 40;

/**
 * Which rows stand for all: as many as asked for, in runs that lie at random, one in each of as many equal parts; pure, as
 * they are the same ones every time.
 */
export function planRuns(
  rowCount: number,
  limit: number,
  runCount = spreadRunCount,
): readonly { offset: number; limit: number }[] {
  if (rowCount <= limit) return [{ offset: 0, limit: rowCount }];
  const random = createRandom();
  const edge = (part: number, whole: number): number => Math.floor((part * whole) / runCount);
  return Array.from({ length: runCount }, (_, run) => {
    const runLength = edge(run + 1, limit) - edge(run, limit);
    const free = edge(run + 1, rowCount) - edge(run, rowCount) - runLength;
    return { offset: edge(run, rowCount) + Math.floor(random() * (free + 1)), limit: runLength };
  }).filter((run) => run.limit > 0);
}
