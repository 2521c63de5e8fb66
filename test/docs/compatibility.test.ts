import { expect, test } from "vitest";
import { renderCompatibility, type CellResult } from "../../scripts/compatibility.ts";

const column = "official client, our server";

test("docs/compatibility.md shows what a run gave, and nothing that did not run", async () => {
  const results: CellResult[] = [
    { cell: { table: "scenarios", scenario: "ordered", column }, isPassed: true },
    { cell: { table: "scenarios", scenario: "middleware", column }, isPassed: false },
    { cell: { table: "clients", client: "grpc-js", check: "list" }, isPassed: true },
    { cell: { table: "clients", client: "grpc-js", check: "drop" }, isPassed: false },
  ];
  const rows = (await renderCompatibility(results))
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const rowOf = (name: string) => rows.find((cells) => cells[1] === name)?.slice(2, -1);
  expect(rowOf("`ordered`")).toEqual(["✓", "", "", "", "", "", ""]);
  expect(rowOf("`middleware`")).toEqual(["✗", "", "", "", "", "", ""]);
  expect(rowOf("grpc-js")).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/), "list, ✗ drop"]);
});
