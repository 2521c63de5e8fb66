import { describe, expect, test } from "vitest";
import { numberTicks } from "../../../web/src/plot/number-ticks.ts";
import { formatYearTick, isLongSpan, yearTicks } from "../../../web/src/plot/time-axis.ts";

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
});
