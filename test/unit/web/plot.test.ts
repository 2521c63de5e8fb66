import { describe, expect, test } from "vitest";
import { formatYearTick, isLongSpan, yearTicks } from "../../../web/src/plot/time-axis.ts";

const secondsOf = (date: string): number => Date.parse(date) / 1000;

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
