import { describe, expect, test } from "vitest";
import { planEndpoints, type EndpointPlanInput } from "../../../src/store/plan-endpoints.ts";

/** The first rows of the endpoints, and the end of the last. */
function cutsOf(input: EndpointPlanInput): number[] {
  const ranges = planEndpoints(input);
  return [...ranges.map(({ offset }) => offset), ranges.at(-1)!.offset + ranges.at(-1)!.limit];
}

describe("endpoints", () => {
  test.each<[title: string, groups: number[], offset: number, limit: number, count: number, cuts: number[]]>([
    ["one has all", [100, 100], 0, 200, 1, [0, 200]],
    ["one of no rows", [], 0, 0, 4, [0, 0]],
    ["one of no rows at the end", [100], 100, 0, 4, [100, 100]],
    ["one each of fewer rows than asked for", [100], 10, 3, 8, [10, 11, 12, 13]],
    ["at row groups that divide evenly", [100, 100, 100, 100], 0, 400, 2, [0, 200, 400]],
    ["at row groups nearby", [90, 120, 90], 0, 300, 3, [0, 90, 210, 300]],
    ["of more groups than endpoints", [100, 100, 100, 100], 0, 400, 3, [0, 100, 300, 400]],
    ["inside a row group where none begins nearby", [1000], 0, 1000, 4, [0, 250, 500, 750, 1000]],
    ["inside for an even share", [100, 100, 100], 0, 300, 2, [0, 150, 300]],
    ["at the groups of a window", [100, 100, 100], 90, 120, 2, [90, 150, 210]],
    ["at a group inside a window", [100, 100, 100], 40, 120, 2, [40, 100, 160]],
    ["past empty groups", [0, 100, 0, 100, 0], 0, 200, 2, [0, 100, 200]],
  ])("%s: row groups %j, rows %i + %i, %i endpoints", (_, groupRowCounts, offset, limit, endpointCount, cuts) => {
    expect(cutsOf({ groupRowCounts, range: { offset, limit }, endpointCount })).toEqual(cuts);
  });

  test("have all rows in order, none empty and none with more than one and a half shares", () => {
    for (let rowCount = 1; rowCount < 60; rowCount++) {
      for (let endpointCount = 1; endpointCount <= 64; endpointCount += 3) {
        const groupRowCounts = [rowCount % 7, rowCount % 5, rowCount % 13, rowCount];
        const cuts = cutsOf({ groupRowCounts, range: { offset: 2, limit: rowCount }, endpointCount });
        const counts = cuts.slice(1).map((cut, i) => cut - cuts[i]!);
        expect([cuts[0], cuts.at(-1), counts.length]).toEqual([2, rowCount + 2, Math.min(rowCount, endpointCount)]);
        expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
        expect(Math.max(...counts)).toBeLessThanOrEqual((1.5 * rowCount) / counts.length + 1);
      }
    }
  });
});
