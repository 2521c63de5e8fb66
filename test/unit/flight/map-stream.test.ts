import { expect, test } from "vitest";
import { mapStream } from "../../../src/flight/index.ts";

async function* numbers(onLeft: () => void): AsyncGenerator<number> {
  try {
    yield 1;
    yield 2;
    yield 3;
  } finally {
    onLeft();
  }
}

test.each([
  ["now", (item: number) => item * 10],
  ["later", (item: number) => Promise.resolve(item * 10)],
])("items that are mapped %s keep their order", async (_, map) => {
  const items: number[] = [];
  for await (const item of mapStream(
    numbers(() => {}),
    map,
  ))
    items.push(item);
  expect(items).toEqual([10, 20, 30]);
});

test("a stream that is left leaves its source", async () => {
  let isLeft = false;
  for await (const _ of mapStream(
    numbers(() => (isLeft = true)),
    (item) => item,
  ))
    break;
  expect(isLeft).toBe(true);
});

test("an error of the map leaves the source", async () => {
  let isLeft = false;
  const mapped = mapStream(
    numbers(() => (isLeft = true)),
    (item) => {
      if (item === 2) throw new Error("two");
      return item;
    },
  );
  expect(await mapped.next()).toEqual({ done: false, value: 1 });
  await expect(mapped.next()).rejects.toThrow("two");
  expect(isLeft).toBe(true);
});
