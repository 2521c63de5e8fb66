import { expect, test } from "vitest";
import { concatArrays, takeRows, type ArrayView } from "../../../src/arrow/index.ts";
import { arraysOfEveryLayout } from "./every-layout.ts";
import { readValues } from "./read-values.ts";

const layoutsOf = ({ storage, children }: ArrayView): string[] => [storage.kind, ...children.flatMap(layoutsOf)];

test("arrays that are joined have the values that they had, of every layout but views", () => {
  let count = 0;
  for (const array of arraysOfEveryLayout()) {
    if (layoutsOf(array).some((layout) => layout.includes("view"))) {
      expect(() => concatArrays([array, array]), array.field.name).toThrow(/storage are not joined/);
      continue;
    }
    const cut: ArrayView = { ...array, offset: array.offset + 1, length: Math.max(0, array.length - 2) };
    const parts = [array, takeRows(array, Uint32Array.of(0)), cut, takeRows(array, new Uint32Array())];
    const joined = concatArrays(parts);
    expect(readValues(joined), array.field.name).toEqual(parts.flatMap((part) => readValues(part)));
    count += 1;
  }
  expect(count).toBeGreaterThanOrEqual(20);
});
