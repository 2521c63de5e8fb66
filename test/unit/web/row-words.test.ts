import { describe, expect, test } from "vitest";
import { countWords, orderWords, partWords, type ToldRows } from "../../../web/src/dataset/row-words.ts";

const order = { by: "fare", isDescending: true };
const all: ToldRows = {
  rowCount: 4_000_000,
  filter: "",
  order: undefined,
  rows: { rowCount: 4_000_000, isCounted: true, source: { rowCount: 4_000_000 } },
};
const sorted = { ...all, order, rows: { ...all.rows, source: { rowCount: 100_000 } } };

describe("words about rows", () => {
  test.each([
    [all, "4,000,000 rows"],
    [{ ...all, rowCount: undefined }, "rows not known"],
    [sorted, "4,000,000 rows, the first 100,000 of them sorted"],
    [{ ...sorted, rows: all.rows }, "4,000,000 rows"],
    [
      { ...sorted, filter: "a = 1", rows: { ...sorted.rows, rowCount: 300_000 } },
      "300,000 of 4,000,000 rows meet the filter, the first 100,000 of them sorted",
    ],
    [{ ...all, filter: "a = 1", rows: { ...all.rows, rowCount: 1 } }, "1 of 4,000,000 rows meets the filter"],
    [
      { ...sorted, filter: "a = 1", rows: { ...sorted.rows, rowCount: 200_000, isCounted: false } },
      "200,000 of 4,000,000 rows meet the filter, counting…",
    ],
  ] satisfies [ToldRows, string][])("say how many there are, and how many are sorted: %#", (told, words) => {
    expect(countWords(told)).toBe(words);
  });

  test("say which way rows are sorted, and which rows there are", () => {
    expect(orderWords(order)).toBe("fare, descending");
    expect(partWords(all.rows)).toBeUndefined();
    expect(partWords(sorted.rows)).toBe("the first 100,000 of 4,000,000 rows only");
    expect(partWords({ ...sorted.rows, isCounted: false })).toBe("the first 100,000 rows only");
  });
});
