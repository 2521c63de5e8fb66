import { expect, test } from "vitest";
import { mayCutChunks } from "../../../../src/parquet/format/old-chunk-end.ts";

test.each([
  ["parquet-mr", true],
  ["parquet-mr version 1.2.8 (build abc)", true],
  ["parquet-mr version 1.1.10", true],
  ["parquet-mr version 1.2.9 (build abc)", false],
  ["parquet-mr version 1.13.1 (build abc)", false],
  ["parquet-mr version 2.0.0", false],
  ["parquet-cpp-arrow version 1.0.0", false],
  ["", false],
])("%j may have column chunks that are too short: %s", (createdBy, expected) => {
  expect(mayCutChunks(createdBy)).toBe(expected);
});
