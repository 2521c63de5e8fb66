/** Parts of one width of an axis. */
export interface Parts {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

const secondMs = 1000;
const dayMs = 86_400 * secondMs;

/** Widths of parts of time, in milliseconds. */
const secondSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200];
const daySteps = [1, 2, 7, 14, 28];
const timeSteps = [
  ...[1, 2, 5].flatMap((factor) => [factor, 10 * factor, 100 * factor]).sort((a, b) => a - b),
  ...secondSteps.map((seconds) => seconds * secondMs),
  ...daySteps.map((days) => days * dayMs),
];

/** What an axis counts by. */
export interface PartOptions {
  readonly isDate: boolean;
  readonly isWhole: boolean;
  /** Parts at most. */
  readonly countMax: number;
}

/** Divides an axis into parts of a round width, with round edges; pure. */
export function divide(min: number, max: number, { isDate, isWhole, countMax }: PartOptions): Parts {
  const least = (max - min) / Math.max(1, countMax - 1) || (isDate ? dayMs : 1);
  const step = isDate ? (timeSteps.find((each) => each >= least) ?? roundUp(least / dayMs) * dayMs) : roundUp(least);
  const wide = isWhole ? Math.max(1, step) : step;
  const first = Math.floor(min / wide);
  return { start: first * wide, step: wide, count: Math.max(1, Math.floor(max / wide) - first + 1) };
}

/** The least of 1, 2 and 5, and their powers of ten, that is no less; pure. */
export function roundUp(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  return power * ([1, 2, 5].find((factor) => factor * power >= size) ?? 10);
}

/** The part of a number; the last edge belongs to the last part. */
export function partOf({ start, step, count }: Parts, value: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor((value - start) / step)));
}

/** Where a part begins. */
export function edgeOf({ start, step }: Parts, part: number): number {
  // A multiple of the step has no error that grows from part to part.
  return step < 1 ? (Math.round(start / step) + part) / (1 / step) : start + part * step;
}

/** The least and the greatest number. */
export type Extent = readonly [number, number];

/** The least and the greatest number of a list; undefined of none. */
export function extentOf(values: ArrayLike<number>): Extent | undefined {
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? [min, max] : undefined;
}

/** How many rows a bin has, and what their values are: mean, least and greatest. */
export interface Bin {
  /** The number of the bin. */
  readonly bin: number;
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** Counts rows in bins, and sums up a value of each; bins without rows are left out; pure. */
export function fillBins(
  rowCount: number,
  binCount: number,
  { binOf, valueOf }: { binOf(row: number): number; valueOf(row: number): number },
): Bin[] {
  const counts = new Float64Array(binCount);
  const [sums, mins, maxs] = [new Float64Array(binCount), new Float64Array(binCount), new Float64Array(binCount)];
  mins.fill(Infinity);
  maxs.fill(-Infinity);
  for (let row = 0; row < rowCount; row++) {
    const bin = binOf(row);
    const value = valueOf(row);
    counts[bin]! += 1;
    sums[bin]! += value;
    if (value < mins[bin]!) mins[bin] = value;
    if (value > maxs[bin]!) maxs[bin] = value;
  }
  const bins: Bin[] = [];
  counts.forEach((count, bin) => {
    if (count > 0) bins.push({ bin, count, mean: sums[bin]! / count, min: mins[bin]!, max: maxs[bin]! });
  });
  return bins;
}
