import { expect, test } from "vitest";
import { formatAmount } from "../../../src/cli/format-amount.ts";

test.each([
  [0, "rows", "0 rows"],
  [999, "bytes", "999 B"],
  [1000, "bytes", "1.00 kB"],
  [12_345, "rows", "12.3k rows"],
  [1e15, "bytes", "1.00e+3 TB"],
] as const)("%d %s are %s", (value, unit, text) => {
  expect(formatAmount(value, unit)).toBe(text);
});
