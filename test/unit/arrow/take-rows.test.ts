import { expect, test } from "vitest";
import { takeRows } from "../../../src/arrow/index.ts";
import { arraysOfEveryLayout } from "./every-layout.ts";
import { readValues } from "./read-values.ts";

test("rows that are taken have the values that they had, of every layout", () => {
  let count = 0;
  for (const array of arraysOfEveryLayout()) {
    const values = readValues(array);
    for (const indices of [[], [0], [values.length - 1, 0, 0], values.map((_, i) => i).filter((i) => i % 3 === 1)]) {
      const taken = takeRows(array, Uint32Array.from(indices));
      expect(readValues(taken), array.field.name).toEqual(indices.map((index) => values[index]));
      const again = takeRows(taken, Uint32Array.from(indices.keys()));
      expect(readValues(again), array.field.name).toEqual(readValues(taken));
      count += 1;
    }
  }
  expect(count).toBeGreaterThan(50);
});
