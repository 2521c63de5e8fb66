import { expect, test } from "vitest";
import { suggestName } from "../../../src/cli/suggest-name.ts";

const names = ["cities.parquet", "sales/2025/a.parquet", "sales/2025/b.parquet", "weather"];

test.each([
  ["cities", "did you mean cities.parquet?"],
  ["wether", "did you mean weather?"],
  ["Weather", "did you mean weather?"],
  ["citis.parquet", "did you mean cities.parquet?"],
  ["sales/2025/c.parquet", "did you mean sales/2025/a.parquet?"],
  ["sales", "it is a folder: write 'sales/**'"],
  ["sales/", "it is a folder: write 'sales/**'"],
  ["sales/*", "for its subfolders too, write 'sales/**'"],
  ["sales/**", undefined],
  ["*.csv", undefined],
  ["x", undefined],
  ["something else", undefined],
])("for %s: %s", (name, suggestion) => {
  expect(suggestName(name, names)).toBe(suggestion);
});
