import { setFlagsFromString } from "node:v8";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { garbageBytesMin, garbageDelayMs } from "../../../../src/parquet/write/limits.ts";
import { GarbageCollector } from "../../../../src/parquet/write/collect-garbage.ts";

vi.mock("node:v8", { spy: true });

beforeEach(() => {
  vi.clearAllMocks();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

test("garbage is collected once enough has passed through and no put is under way", () => {
  let isIdle = true;
  const garbage = new GarbageCollector(() => isIdle);
  const passes = (byteLength: number): number => {
    garbage.whenIdle(byteLength);
    vi.advanceTimersByTime(2 * garbageDelayMs);
    return vi.mocked(setFlagsFromString).mock.calls.length;
  };
  expect(passes(garbageBytesMin - 1)).toBe(0);
  isIdle = false;
  expect(passes(1)).toBe(0);
  isIdle = true;
  expect(passes(0)).toBe(1);
  expect(passes(garbageBytesMin - 1)).toBe(1);
});

test("puts one after another are not interrupted by a collection", () => {
  const garbage = new GarbageCollector(() => true);
  for (let count = 0; count < 10; count++) {
    garbage.whenIdle(garbageBytesMin);
    vi.advanceTimersByTime(garbageDelayMs - 1);
  }
  expect(setFlagsFromString).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(setFlagsFromString).toHaveBeenCalledOnce();
});
