import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { SpreadWork } from "../../../../src/server/http/spread-work.ts";
import { waitUntil } from "../../../support/wait.ts";

test("work runs in its order, and others have a turn in between", async () => {
  const work = new SpreadWork();
  const done: number[] = [];
  const workMs = 6;
  for (let i = 0; i < 6; i++) {
    work.add(() => {
      const end = performance.now() + workMs;
      while (performance.now() < end);
      done.push(i);
    });
  }
  expect(done).toEqual([]);
  await nextTurn();
  await nextTurn();
  expect(done.length).toBeLessThan(6);
  await waitUntil("all is done", () => done.length === 6);
  expect(done).toEqual([0, 1, 2, 3, 4, 5]);
});
