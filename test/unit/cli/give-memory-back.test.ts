import { expect, test } from "vitest";
import { IdleCollection } from "../../../src/cli/give-memory-back.ts";

const mebi = 1024 * 1024;

/** What is decided for each look: megabytes resident, and which part of the time the thread was at work. */
function decide(...looks: [residentMebibytes: number, utilization?: number][]): boolean[] {
  const collection = new IdleCollection();
  return looks.map(([residentMebibytes, utilization = 0]) =>
    collection.isDue({ residentBytes: residentMebibytes * mebi, utilization }),
  );
}

test("garbage is collected once for each growth", () => {
  expect(decide([100], [300], [120], [121], [300])).toEqual([false, true, false, false, true]);
});

test("memory that is in use is not looked through again", () => {
  expect(decide([100], [300], [300], [301], [310])).toEqual([false, true, false, false, false]);
});

test("a process at work is left alone until it rests", () => {
  expect(decide([100], [300, 0.9], [300, 0.5], [300, 0.1])).toEqual([false, false, false, true]);
});

test("memory that has become less by itself is what growth is counted from", () => {
  expect(decide([300], [100], [110], [120])).toEqual([false, false, false, true]);
});
