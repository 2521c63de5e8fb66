import { expect, test } from "vitest";
import { drawTree, type ListedDataset } from "../../../src/cli/dataset-tree.ts";

const dataset = (name: string, rows: number | undefined = 1): ListedDataset => ({ name, rows, bytes: 10 });
const linesOf = (datasets: readonly ListedDataset[], depthMax?: number): string[] =>
  drawTree(datasets, depthMax).map(({ drawn, datasets: count, rows, bytes }) =>
    [drawn, count, rows, bytes].filter((each) => each !== undefined).join(" "),
  );

const datasets = ["a", "geo/b", "geo/deep/c", "geo/deep/d", "geo/e", "z/y"].map((name) => dataset(name));

test("draws folders with the sums of all datasets in them", () => {
  expect(linesOf(datasets)).toEqual([
    "a 1 10",
    "geo/ 4 4 40",
    "├── b 1 10",
    "├── deep/ 2 2 20",
    "│   ├── c 1 10",
    "│   └── d 1 10",
    "└── e 1 10",
    "z/ 1 1 10",
    "└── y 1 10",
  ]);
});

test("stops at a depth, and counts what is below", () => {
  expect(linesOf(datasets, 1)).toEqual(["a 1 10", "geo/ 4 4 40", "z/ 1 1 10"]);
});

test("keeps whole names beside the drawn ones", () => {
  expect(drawTree(datasets).map(({ name }) => name)).toContain("geo/deep/");
});

test("tells a folder from a dataset of the same name", () => {
  expect(linesOf([dataset("a"), dataset("a/b")])).toEqual(["a 1 10", "a/ 1 1 10", "└── b 1 10"]);
});

test("has no sum if a count is not known", () => {
  expect(linesOf([dataset("a/b"), { name: "a/c", rows: undefined, bytes: 10 }])[0]).toBe("a/ 2 20");
});

test("has the latest change of a folder", () => {
  const changes = ["2026-01-02T00:00:00.000Z", undefined, "2026-01-01T00:00:00.000Z"];
  const [folder] = drawTree(changes.map((changed, index) => ({ ...dataset(`a/${index}`), changed })));
  expect(folder?.changed).toBe(changes[0]);
});
