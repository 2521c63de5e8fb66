import { describe, expect, test } from "vitest";
import type { DataType } from "../../../src/arrow/index.ts";
import { axisText, firstAxes } from "../../../web/src/plot/axis.ts";
import { divide, edgeOf, fillBins, partOf, type PartOptions, type Parts } from "../../../web/src/plot/bin-rows.ts";
import { boxesOf } from "../../../web/src/plot/boxes.ts";
import { undrawnColourWords } from "../../../web/src/plot/choose-chart.ts";
import { groupColours, nullColour, rankGroups } from "../../../web/src/plot/groups.ts";
import { clockTicks, formatClockTicks } from "../../../web/src/plot/time-axis.ts";
import { formatZoom, parseZoom, rangeCondition } from "../../../web/src/plot/zoom.ts";
import { field } from "../../support/field.ts";

const double = { kind: "float", bitWidth: 64 } as const;
const single = { kind: "float", bitWidth: 32 } as const;
const int64 = { kind: "int", bitWidth: 64, signed: true } as const;
const micros = { kind: "timestamp", unit: "us", timezone: "" } as const;
const days = { kind: "date", unit: "day" } as const;
const cents = { kind: "decimal", bitWidth: 128, precision: 20, scale: 2 } as const;
const text = { kind: "utf8" } as const;

const hourMs = 3_600_000;

describe("an axis", () => {
  test.each<[number, number, PartOptions, Parts]>([
    [0.3, 9.9, { isDate: false, isWhole: false, countMax: 11 }, { start: 0, step: 1, count: 10 }],
    [-3, 3, { isDate: false, isWhole: true, countMax: 60 }, { start: -3, step: 1, count: 7 }],
    [5, 5, { isDate: false, isWhole: false, countMax: 60 }, { start: 5, step: 1, count: 1 }],
    [0, 48 * hourMs, { isDate: true, isWhole: false, countMax: 50 }, { start: 0, step: hourMs, count: 49 }],
  ])("from %d to %d is divided at round numbers", (min, max, options, expected) => {
    expect(divide(min, max, options)).toEqual(expected);
  });

  test("has every value in the part whose edges are around it, also where edges are tenths", () => {
    const parts = divide(0, 5, { isDate: false, isWhole: false, countMax: 60 });
    expect(parts.step).toBe(0.1);
    for (let tenth = 0; tenth <= 50; tenth++) {
      expect(edgeOf(parts, tenth)).toBe(tenth / 10);
      expect(partOf(parts, tenth / 10 + 0.05)).toBe(Math.min(tenth, parts.count - 1));
    }
  });

  test("prefers a time, and a measure with a fraction", () => {
    const fields = [field("id", int64), field("name", text), field("fare", double), field("at", micros)];
    expect(firstAxes(fields)).toEqual({ x: "at", y: "fare" });
    expect(firstAxes(fields.slice(0, 3))).toEqual({ x: "fare", y: "id" });
    expect(firstAxes([field("id", int64)])).toEqual({ x: "id", y: "id" });
    expect(firstAxes([field("name", text)])).toEqual({ x: undefined, y: undefined });
  });

  test.each<[DataType, number, string]>([
    [single, Math.fround(0.1), "0.1"],
    [double, 1234.5, "1,234.5"],
    [double, 3e43, "3e43"],
    [micros, Date.UTC(2026, 10, 29), "2026-11-29"],
    [micros, Date.UTC(2026, 10, 29, 5, 6), "2026-11-29 05:06:00"],
  ])("writes a number of %j as its column does", (type, value, expected) => {
    expect(axisText(field("a", type), value)).toBe(expected);
  });
});

describe("bins", () => {
  test("have the number of their rows, and the mean, least and greatest of their values", () => {
    const [x, values] = [
      [0, 1, 1, 3],
      [5, 1, 2, 7],
    ];
    const bins = fillBins(4, 4, { binOf: (row) => x[row]!, valueOf: (row) => values[row]! });
    expect(bins).toEqual([
      { bin: 0, count: 1, mean: 5, min: 5, max: 5 },
      { bin: 1, count: 2, mean: 1.5, min: 1, max: 2 },
      { bin: 3, count: 1, mean: 7, min: 7, max: 7 },
    ]);
  });

  test("are boxes with quartiles, and whiskers that leave outliers out", () => {
    const values = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 100, 9);
    const [one, other, ...rest] = boxesOf(values, (row) => (row === 9 ? 1 : 0), 3);
    expect(one).toEqual({ bin: 0, count: 9, low: 1, lowerQuartile: 3, median: 5, upperQuartile: 7, high: 8 });
    expect([other!.bin, other!.median, rest]).toEqual([1, 9, []]);
  });

  test("of categories are the largest, in the order of their labels, and the others", () => {
    const channel = {
      field: field("g", text),
      values: Uint16Array.of(0, 0, 1, 2, 2, 3),
      labels: ["z", "one", "a", "two"],
      nullCode: -1,
      othersCode: -1,
    };
    const groups = rankGroups(channel, 2);
    expect(groups.labels).toEqual(["a", "z", "(others)"]);
    expect([...groups.of]).toEqual([1, 1, 2, 0, 0, 2]);
    const withNulls = rankGroups({ ...channel, nullCode: 0 }, 1);
    expect(withNulls.labels).toEqual(["a", "(others)", "(null)"]);
    expect([...withNulls.of]).toEqual([2, 2, 1, 0, 0, 1]);
    expect(groupColours(withNulls).at(-1)).toBe(nullColour);
  });
});

describe("a zoom", () => {
  test.each(["1_5", "1_5_-2_9.5", "__0.1_0.2", "1764000000000_1764100000000"])(
    "%s is read as it was written",
    (written) => {
      expect(formatZoom(parseZoom(written))).toBe(written);
    },
  );

  test.each([undefined, "", "5_1", "a_b", "1"])("%s says nothing", (written) => {
    expect(parseZoom(written)).toEqual({ x: undefined, y: undefined });
  });

  test.each<[DataType, readonly [number, number], string]>([
    [double, [0.5, 2], "a >= 0.5 and a <= 2"],
    [int64, [0.5, 2.2], "a >= 0 and a <= 3"],
    [cents, [0.5, 2], "a >= 0.50 and a <= 2.00"],
    [days, [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2)], "a >= '2026-01-01' and a <= '2026-01-02'"],
    [micros, [0, 1000], "a >= '1970-01-01T00:00:00.000000' and a <= '1970-01-01T00:00:01.000000'"],
  ])("of %j is a filter", (type, range, expected) => {
    expect(rangeCondition(field("a", type), range)).toBe(expected);
  });

  test("of a field of a struct is a filter of its path", () => {
    const nested = { ...field("a.b c", int64), path: ["a", "b c"] };
    expect(rangeCondition(nested, [1, 2])).toBe('a."b c" >= 1 and a."b c" <= 2');
  });
});

describe("the ticks of an axis of times", () => {
  test.each([
    [
      [0, 86_399],
      ["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00"],
    ],
    [
      [32_400, 36_000],
      ["09:00", "09:10", "09:20", "09:30", "09:40", "09:50", "10:00"],
    ],
    [
      [34_205, 34_217],
      ["09:30:06", "09:30:08", "09:30:10", "09:30:12", "09:30:14", "09:30:16"],
    ],
    [
      [1, 1.21],
      ["00:00:01.00", "00:00:01.05", "00:00:01.10", "00:00:01.15", "00:00:01.20"],
    ],
    [[-3600, 0], ["00:00"]],
  ] as const)("are times of day from %j", ([min, max], expected) => {
    expect(formatClockTicks(clockTicks(min, max))).toEqual(expected);
  });
});

describe("a colour that a chart does not show", () => {
  const utf8: DataType = { kind: "utf8" };
  test.each([
    ["line", int64, false, "n is not shown: this chart has colours for groups only, and points for numbers too."],
    ["line", utf8, false, undefined],
    ["bar", int64, false, "n is not shown: this chart has colours for groups only, and points for numbers too."],
    ["bar", utf8, false, undefined],
    ["histogram", int64, true, undefined],
    ["heat", int64, false, "Choose the mean of Colour to show n."],
    ["heat", int64, true, undefined],
    ["heat", utf8, false, "n is not shown: a heat map has colours for numbers only."],
    ["points", int64, false, undefined],
    ["box", int64, false, undefined],
  ] as const)("of %s, by %j, means: %s", (chart, type, isMean, words) => {
    expect(undrawnColourWords(chart, field("n", type), isMean)).toBe(words);
  });
});
