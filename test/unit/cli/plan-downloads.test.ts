import { expect, test } from "vitest";
import { planDownloads } from "../../../src/cli/plan-downloads.ts";

test("makes a file for each dataset, in the folders of its name", () => {
  expect(planDownloads(["a.parquet", "geo/b"], "out/", "csv")).toEqual([
    { name: "a.parquet", path: "out/a.csv" },
    { name: "geo/b", path: "out/geo/b.csv" },
  ]);
  expect(planDownloads(["x"], ".", "arrow")).toEqual([{ name: "x", path: "x.arrow" }]);
});

test("refuses two datasets for one file", () => {
  expect(() => planDownloads(["a", "a.parquet"], "out", "parquet")).toThrow(
    /a and a\.parquet would both become out\/a/,
  );
});

test.each(["../evil", "/etc/passwd", "a/../../b", ".profile", "a//b", "a\\b", ""])(
  "refuses %j, which another server could name a dataset",
  (name) => {
    expect(() => planDownloads([name], "out", "parquet")).toThrow(/cannot be the name of a file/);
  },
);
