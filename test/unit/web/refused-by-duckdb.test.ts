import { expect, test } from "vitest";
import type { DataType } from "../../../src/arrow/index.ts";
import { isRefusedByDuckDb } from "../../../web/src/use-data/refused-by-duckdb.ts";
import { field } from "../../support/field.ts";

const half: DataType = { kind: "float", bitWidth: 16 };
const decimal = (bitWidth: number): DataType => ({ kind: "decimal", bitWidth, precision: 9, scale: 2 });

test.each([
  [field("c", half), true],
  [field("c", decimal(256)), true],
  [{ ...field("c", { kind: "list" }), children: [field("item", half)] }, true],
  [field("c", { kind: "float", bitWidth: 32 }), false],
  [field("c", decimal(128)), false],
  [field("c", { kind: "utf8" }), false],
])("DuckDB refuses what it cannot read from Arrow: %#", (column, isRefused) => {
  expect(isRefusedByDuckDb(column)).toBe(isRefused);
});
