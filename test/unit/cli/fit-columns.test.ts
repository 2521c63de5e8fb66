import { describe, expect, test } from "vitest";
import { fitColumns, fitListColumns } from "../../../src/cli/fit-columns.ts";

describe("fitColumns", () => {
  test.each([
    ["nothing", [], 80, []],
    ["all columns when they fit exactly", [10, 20], 32, [10, 20]],
    ["the widest column cut first", [10, 200], 32, [10, 20]],
    ["wide columns cut alike", [4, 200, 300], 48, [4, 20, 20]],
    ["columns at the right left out", [8, 8, 8, 8], 30, [8, 8, 8]],
    ["the first column alone on a very narrow terminal", [50, 50], 5, [5]],
  ])("gives %s", (_title, widths, lineWidth, fitting) => {
    expect(fitColumns(widths, lineWidth)).toEqual(fitting);
  });

  test("never takes more than the line, for any widths", () => {
    for (let lineWidth = 1; lineWidth < 120; lineWidth++) {
      for (let count = 1; count < 20; count++) {
        const widths = Array.from({ length: count }, (_, index) => ((index * 37) % 50) + 1);
        const fitting = fitColumns(widths, lineWidth);
        expect(fitting.reduce((sum, width) => sum + width + 2, -2)).toBeLessThanOrEqual(lineWidth);
      }
    }
  });
});

describe("fitListColumns", () => {
  const name = { width: 70, flows: true };
  const count = { width: 6, flows: false };
  test.each([
    ["the natural widths when they fit", [name, count], 80, [70, 6]],
    ["a narrower column that flows", [name, count, count], 40, [24, 6, 6]],
    ["no column at the right that would be cut", [name, count, { width: 20, flows: false }], 30, [22, 6]],
    ["the first column alone on a very narrow terminal", [name, count], 5, [5]],
  ])("gives %s", (_title, columns, lineWidth, fitting) => {
    expect(fitListColumns(columns, lineWidth)).toEqual(fitting);
  });
});
