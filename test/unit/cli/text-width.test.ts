import { expect, test } from "vitest";
import { textWidth } from "../../../src/cli/text-width.ts";

test.each([
  ["", 0],
  ["small-1.parquet", 15],
  ["Łódź", 4],
  ["東京", 4],
  ["👨‍👩‍👧", 2],
  ["\u001b[31mred\u001b[0m", 3],
])("the width of %j is %i", (text, width) => {
  expect(textWidth(text)).toBe(width);
});
