import { quantileOf } from "../columns/value-sample.ts";

/** The quartiles of a group, and its whiskers: the values within 1.5 times the middle half. Source: Tukey. */
export interface Box {
  readonly bin: number;
  readonly count: number;
  readonly low: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly high: number;
}

/** The boxes of groups of rows; pure. */
export function boxesOf(values: Float64Array, groupOf: (row: number) => number, groupCount: number): Box[] {
  const sizes = new Int32Array(groupCount);
  for (let row = 0; row < values.length; row++) sizes[groupOf(row)]! += 1;
  const groups = Array.from(sizes, (size) => new Float64Array(size));
  const filled = new Int32Array(groupCount);
  for (let row = 0; row < values.length; row++) {
    const group = groupOf(row);
    groups[group]![filled[group]!++] = values[row]!;
  }
  return groups.flatMap((group, bin) => (group.length === 0 ? [] : [boxOf(group.sort(), bin)]));
}

function boxOf(sorted: Float64Array, bin: number): Box {
  const [lowerQuartile, median, upperQuartile] = [0.25, 0.5, 0.75].map((share) => quantileOf(sorted, share)) as [
    number,
    number,
    number,
  ];
  const reach = 1.5 * (upperQuartile - lowerQuartile);
  const low = sorted.find((value) => value >= lowerQuartile - reach)!;
  const high = sorted.findLast((value) => value <= upperQuartile + reach)!;
  return { bin, count: sorted.length, low, lowerQuartile, median, upperQuartile, high };
}
