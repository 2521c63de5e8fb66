import { createHook } from "node:async_hooks";
import { expect, test } from "vitest";
import { flatMapStream, mapStream, watchEnd } from "../../../src/flight/index.ts";

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

test("each item becomes any number of items, with the last ones behind them", async () => {
  const items = flatMapStream(
    numbers(() => {}),
    (item) => Array.from({ length: item - 1 }, () => item),
    [9, 10],
  );
  expect(await Array.fromAsync(items)).toEqual([2, 3, 3, 9, 10]);
  expect(await items.next()).toEqual({ done: true, value: undefined });
});

test("a stream of several items for each leaves its source when it is left", async () => {
  let isLeft = false;
  const source = numbers(() => (isLeft = true));
  const items = flatMapStream(source, (item) => [item, item], [9]);
  for await (const _ of items) break;
  expect(isLeft).toBe(true);
  expect(await items.next()).toEqual({ done: true, value: undefined });
});

test("the end is watched: an error of it is the stream's", async () => {
  const items = watchEnd(
    numbers(() => {}),
    () => {
      throw new Error("not whole");
    },
  );
  expect(await items.next()).toEqual({ done: false, value: 1 });
  await items.next();
  await items.next();
  await expect(items.next()).rejects.toThrow("not whole");
});

test("a watched stream that is left leaves its source, and has no end", async () => {
  const seen: string[] = [];
  const source = numbers(() => seen.push("left"));
  for await (const _ of watchEnd(source, () => seen.push("end"))) break;
  expect(seen).toEqual(["left"]);
});

test("a watched stream that gets an error leaves its source, and gives the error back", async () => {
  let isLeft = false;
  const items = watchEnd(
    numbers(() => (isLeft = true)),
    () => {},
  );
  await items.next();
  await expect(items.throw?.(new Error("enough"))).rejects.toThrow("enough");
  expect(isLeft).toBe(true);
});

/** A source that makes one promise for each item. */
function createSource(count: number): AsyncIterable<number> {
  let item = 0;
  const next = () => Promise.resolve({ done: item++ === count, value: item } as IteratorResult<number, undefined>);
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

/** Returns how many promises were made for each item of the source. */
async function countPromises(wrap: (source: AsyncIterable<number>) => AsyncIterable<number>): Promise<number> {
  const itemCount = 1000;
  let promiseCount = 0;
  const hook = createHook({ init: (_, type) => void (promiseCount += type === "PROMISE" ? 1 : 0) });
  hook.enable();
  for await (const _ of wrap(createSource(itemCount)));
  hook.disable();
  return Math.round(promiseCount / itemCount);
}

test("a watched end costs one promise for each item, where a generator makes two", async () => {
  const bare = await countPromises((source) => source);
  expect(await countPromises((source) => watchEnd(source, () => {}))).toBe(bare + 1);
});

test("ten items of one cost two promises each, where a generator makes five", async () => {
  const toTen = (item: number): number[] => Array.from({ length: 10 }, () => item);
  expect(await countPromises((source) => flatMapStream(source, toTen))).toBeLessThanOrEqual(25);
});
