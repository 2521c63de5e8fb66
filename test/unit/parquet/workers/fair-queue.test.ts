import { expect, test } from "vitest";
import { FairQueue } from "../../../../src/parquet/workers/fair-queue.ts";

function drain<T>(queue: FairQueue<T>): T[] {
  const items: T[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
}

test("streams take turns, whatever one has piled up", () => {
  const queue = new FairQueue<string>();
  const [a, b, c] = [{}, {}, {}];
  for (const item of ["a1", "a2", "a3"]) queue.push(a, item);
  queue.push(b, "b1");
  queue.push(c, "c1");
  queue.push(b, "b2");
  expect(drain(queue)).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
});

test("what is taken back is not handed out", () => {
  const queue = new FairQueue<string>();
  const stream = {};
  for (const item of ["1", "2", "3"]) queue.push(stream, item);
  expect(queue.remove(stream, "2")).toBe(true);
  expect(queue.remove(stream, "2")).toBe(false);
  expect(queue.remove({}, "1")).toBe(false);
  expect(drain(queue)).toEqual(["1", "3"]);
});
