import { describe, expect, test } from "vitest";
import { planUploads, type PathKind } from "../../../src/cli/plan-uploads.ts";

describe("planUploads", () => {
  const kindOf = (path: string): PathKind => {
    if (/^data\/?$/.test(path)) return "folder";
    return /\./.test(path) && !path.startsWith("missing") ? "file" : undefined;
  };

  test.each([
    [["a.parquet"], [["a.parquet", "a.parquet"]]],
    [["dir/a.arrow"], [["dir/a.arrow", "a.parquet"]]],
    [["a.parquet", "geo/a"], [["a.parquet", "geo/a"]]],
    [["-", "geo/a"], [[undefined, "geo/a"]]],
    [["-", "a.parquet"], [[undefined, "a.parquet"]]],
    [["dir/a.arrow", "geo/"], [["dir/a.arrow", "geo/a.parquet"]]],
    [
      ["a.parquet", "b.arrow", "geo/new/"],
      [
        ["a.parquet", "geo/new/a.parquet"],
        ["b.arrow", "geo/new/b.parquet"],
      ],
    ],
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
    expect(planUploads(args, { kindOf }).map(({ path, name }) => [path, name])).toEqual(uploads);
  });

  test.each([[["-"]], [["a.parquet", "-"]], [["-", "a", "b"]], [["-", "geo/"]]])("refuses %j", (args) => {
    expect(() => planUploads(args, { kindOf })).toThrow("standard input needs a name");
  });

  test.each([
    [["a/part-0", "b/part-0"], "a/part-0 and b/part-0 would both become part-0.parquet"],
    [["a.arrow", "b.arrow", "a.parquet"], "a.arrow and a.parquet would both become a.parquet"],
    [["a.parquet", "a.parquet"], "would both become a.parquet"],
  ])("refuses %j, which would be one dataset", (args, message) => {
    expect(() => planUploads(args, { kindOf: () => "file" })).toThrow(message);
  });

  test.each([["missing.parquet"], ["missing.ARROW"], ["missing.arrows"], ["missing.feather"], ["missing.ipc"]])(
    "refuses the name %s, which may be meant as a file",
    (name) => {
      const words = `${name}: there is no such file; to store a.parquet under this name, write --as ${name}`;
      expect(() => planUploads(["a.parquet", name], { kindOf })).toThrow(words);
    },
  );

  test("takes any name by --as, for one file", () => {
    expect(planUploads(["a.parquet"], { as: "missing.parquet", kindOf })).toEqual([
      { path: "a.parquet", name: "missing.parquet" },
    ]);
    expect(planUploads(["a.arrow"], { as: "data/", kindOf })).toEqual([{ path: "a.arrow", name: "data/a.parquet" }]);
    expect(() => planUploads(["-"], { as: "data/", kindOf })).toThrow("hangar put - data/NAME");
    expect(() => planUploads(["a.parquet", "b.parquet"], { as: "x", kindOf })).toThrow("--as is the name for one file");
  });

  test("refuses a folder", () => {
    expect(() => planUploads(["a.parquet", "data"], { kindOf })).toThrow(
      "data is a folder; for the files in it, add -r; to store a.parquet under this name, write --as data",
    );
    expect(() => planUploads(["a.parquet", "data/"], { kindOf })).toThrow("write --as data/");
    expect(() => planUploads(["data"], { kindOf })).toThrow("data is a folder; for the files in it, add -r");
  });
});
