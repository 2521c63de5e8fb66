import { expect, test } from "vitest";
import { mapInOrder } from "../../../src/store/map-in-order.ts";

async function* count(end: number): AsyncGenerator<number, void, undefined> {
  for (let i = 0; i < end; i++) yield i;
}

const turns = async (turnCount: number): Promise<void> => {
  for (let i = 0; i < turnCount; i++) await new Promise((resolve) => setImmediate(resolve));
};

test("results come in order, and no more than the concurrency are at work", async () => {
  let atWork = 0;
  let atWorkMax = 0;
  const results: number[] = [];
  const mapped = mapInOrder(count(20), 4, async (i) => {
    atWorkMax = Math.max(atWorkMax, (atWork += 1));
    await turns((i * 7) % 5);
    atWork -= 1;
    return i * 2;
  });
  for await (const result of mapped) results.push(result);
  expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i * 2));
  expect(atWorkMax).toBe(4);
});

test("a failure comes in its turn, after the others at work have ended", async () => {
  const ended: number[] = [];
  const results: number[] = [];
  const mapped = mapInOrder(count(10), 3, async (i) => {
    await turns(i === 2 ? 1 : 3);
    ended.push(i);
    if (i === 2) throw new Error("two");
    return i;
  });
  const reading = (async () => {
    for await (const result of mapped) results.push(result);
  })();
  await expect(reading).rejects.toThrow("two");
  expect(results).toEqual([0, 1]);
  expect(new Set(ended)).toEqual(new Set([0, 1, 2, 3, 4]));
});

test("left early, it waits for those at work and starts no others", async () => {
  let started = 0;
  let ended = 0;
  const mapped = mapInOrder(count(100), 5, async () => {
    started += 1;
    await turns(3);
    ended += 1;
  });
  for await (const _ of mapped) break;
  expect([started, ended]).toEqual([5, 5]);
});
