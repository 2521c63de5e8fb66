import { expect, test } from "vitest";
import { describeLeft, fitProgress } from "../../../src/cli/progress.ts";

test.each([
  [200, { label: "geo/heights.parquet", barWidth: 40 }],
  [80, { label: "geo/heights.parquet", barWidth: 14 }],
  [60, { label: "geo/hei…", barWidth: 5 }],
  [40, { label: "geo/hei…", barWidth: 0 }],
])("in %i columns, the bar and then the label are shortened", (columns, fitted) => {
  expect(fitProgress("geo/heights.parquet", columns)).toEqual(fitted);
});

test.each([
  [0, 100, 0, ""],
  [0, 100, 5000, ""],
  [1, 100, 1, "1s left"],
  [50, 100, 45_000, "45s left"],
  [10, 100, 10_000, "1m30s left"],
  [1, 61, 1000, "1m00s left"],
  [1, 3901, 1000, "1h05m left"],
  [100, 100, 5000, "0s left"],
  [120, 100, 5000, "0s left"],
])("%i of %i in %i ms: %s", (value, total, elapsedMs, words) => {
  expect(describeLeft(value, total, elapsedMs)).toBe(words);
});
