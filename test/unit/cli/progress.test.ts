import { expect, test } from "vitest";
import { fitProgress } from "../../../src/cli/progress.ts";

test.each([
  [200, { label: "geo/heights.parquet", barWidth: 40 }],
  [80, { label: "geo/heights.parquet", barWidth: 14 }],
  [60, { label: "geo/hei…", barWidth: 5 }],
  [40, { label: "geo/hei…", barWidth: 0 }],
])("in %i columns, the bar and then the label are shortened", (columns, fitted) => {
  expect(fitProgress("geo/heights.parquet", columns)).toEqual(fitted);
});
