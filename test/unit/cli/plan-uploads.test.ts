import { describe, expect, test } from "vitest";
import { planUploads } from "../../../src/cli/plan-uploads.ts";

describe("planUploads", () => {
  const isFile = (path: string): boolean => /\./.test(path);

  test.each([
    [["a.parquet"], [["a.parquet", "a.parquet"]]],
    [["dir/a.arrow"], [["dir/a.arrow", "a.parquet"]]],
    [["a.parquet", "geo/a"], [["a.parquet", "geo/a"]]],
    [["-", "geo/a"], [[undefined, "geo/a"]]],
    [["-", "a.parquet"], [[undefined, "a.parquet"]]],
    [
      ["a.parquet", "b.parquet"],
      [
        ["a.parquet", "a.parquet"],
        ["b.parquet", "b.parquet"],
      ],
    ],
    [
      ["a.arrows", "b", "c.feather"],
      [
        ["a.arrows", "a.parquet"],
        ["b", "b.parquet"],
        ["c.feather", "c.parquet"],
      ],
    ],
  ])("of %j", (args, uploads) => {
    expect(planUploads(args, isFile).map(({ path, name }) => [path, name])).toEqual(uploads);
  });

  test.each([[["-"]], [["a.parquet", "-"]], [["-", "a", "b"]]])("refuses %j", (args) => {
    expect(() => planUploads(args, isFile)).toThrow("standard input needs a name");
  });

  test.each([
    [["a/part-0", "b/part-0"], "a/part-0 and b/part-0 would both become part-0.parquet"],
    [["a.arrow", "b.arrow", "a.parquet"], "a.arrow and a.parquet would both become a.parquet"],
    [["a.parquet", "a.parquet"], "would both become a.parquet"],
  ])("refuses %j, which would be one dataset", (args, message) => {
    expect(() => planUploads(args, () => true)).toThrow(message);
  });
});
