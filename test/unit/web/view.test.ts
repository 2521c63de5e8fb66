import { describe, expect, test } from "vitest";
import { formatView, parseView, type View } from "../../../web/src/state/view.ts";

const nothing = parseView("");

describe("a view in the URL", () => {
  test.each<[string, Partial<View>]>([
    ["", {}],
    ["?dataset=a%2Fb+c.parquet", { dataset: "a/b c.parquet" }],
    ["?dataset=a&tab=columns", { dataset: "a", tab: "columns" }],
    ["?search=taxi&order=-changedMs", { search: "taxi", order: { by: "changedMs", isDescending: true } }],
    ["?folder=a%2Fb&search=x", { folder: "a/b", search: "x" }],
    ["?dataset=a&order=%2Bx", { dataset: "a", order: { by: "x", isDescending: false } }],
    ["?dataset=a&column=x&column=y%2Cz", { dataset: "a", columns: ["x", "y,z"] }],
    ["?dataset=a&filter=fare+%3E+10&row=3000000", { dataset: "a", filter: "fare > 10", row: 2_999_999 }],
    [
      "?dataset=a&row=7&open=row&pinned=2&format=grouped%2C2",
      { dataset: "a", row: 6, isRowOpen: true, pinnedCount: 2, format: "grouped,2" },
    ],
    ["?dataset=a&tab=columns&of=all", { dataset: "a", tab: "columns", isWhole: true }],
    ["?dataset=a&titles=distributions", { dataset: "a", hasGlances: true }],
    ["?dataset=a&tab=plot&x=u&y=v&colour=w", { dataset: "a", tab: "plot", x: "u", y: "v", colour: "w" }],
    ["?dataset=a&tab=plot&chart=line&band=none", { dataset: "a", tab: "plot", chart: "line", isBandHidden: true }],
    ["?dataset=a&tab=plot&chart=heat&show=mean", { dataset: "a", tab: "plot", chart: "heat", isMean: true }],
    ["?dataset=a&tab=plot&zoom=1_5_-2_9.5", { dataset: "a", tab: "plot", zoom: "1_5_-2_9.5" }],
  ])("%s is read as it was written", (query, change) => {
    expect(parseView(query)).toEqual({ ...nothing, ...change });
    expect(formatView({ ...nothing, ...change })).toBe(query);
  });

  test.each([
    "?tab=none",
    "?chart=pie",
    "?show=all",
    "?open=all",
    "?pinned=0",
    "?pinned=x",
    "?row=0",
    "?row=-1",
    "?row=x",
    "?order=",
    "?order=fare",
    "?dataset=",
    "?other=1",
  ])("%s says nothing", (query) => expect(parseView(query)).toEqual(nothing));
});
