import { describe, expect, test } from "vitest";
import { numberTicks } from "../../../web/src/plot/number-ticks.ts";
import {
  clockTicks,
  formatClockTicks,
  formatYearTick,
  isLongSpan,
  yearTicks,
} from "../../../web/src/plot/time-axis.ts";

const secondsOf = (date: string): number => Date.parse(date) / 1000;

describe("the ticks of an axis of numbers", () => {
  test("are a step apart, and come to an end also where the step is lost among the numbers", () => {
    expect(numberTicks(0.1, 1.05, 0.25)).toEqual([0.25, 0.5, 0.75, 1]);
    const ticks = numberTicks(2 ** 60, 2 ** 60 + 1000, 1);
    expect(ticks.length).toBeGreaterThan(0);
    expect(ticks.length).toBeLessThanOrEqual(100);
    expect(numberTicks(0, 1, 0)).toEqual([]);
  });
});

describe("the ticks of an axis of times", () => {
  test("are years where times are centuries apart", () => {
    const [min, max] = [secondsOf("0001-01-01"), secondsOf("9999-12-31")];
    expect(isLongSpan([max, 0, min])).toBe(true);
    expect(isLongSpan([0, secondsOf("2200-01-01")])).toBe(false);
    expect(yearTicks(min, max).map(formatYearTick)).toEqual(["2000", "4000", "6000", "8000"]);
    expect(yearTicks(secondsOf("2000-06-01"), secondsOf("2004-06-01")).map(formatYearTick)).toEqual([
      "2001",
      "2002",
      "2003",
      "2004",
    ]);
  });

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
