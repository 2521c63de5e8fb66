import { expect, test } from "vitest";
import { MemoryPlan, type MemoryLook, type MemoryStep } from "../../../src/cli/memory-plan.ts";

const mebi = 1024 * 1024;

/** One look of every 5 s: memory in megabytes, what of it objects hold outside of the heap, and the part of the time at work. */
interface Look {
  readonly resident: number;
  readonly external?: number;
  readonly utilization?: number;
}

/** What is done after each look. */
function plan(...looks: Look[]): MemoryStep[] {
  const plan = new MemoryPlan();
  return looks.map(({ resident, external = 7, utilization = 0 }) => {
    const look: MemoryLook = {
      residentBytes: resident * mebi,
      externalBytes: external * mebi,
      active: 5_000 * utilization,
      idle: 5_000 * (1 - utilization),
    };
    return plan.next(look);
  });
}

/** So many looks that are the same. */
function repeat(count: number, look: Look): Look[] {
  return Array.from({ length: count }, () => look);
}

test("garbage is collected once for each growth", () => {
  const looks = [100, 300, 120, 121, 300].map((resident) => ({ resident }));
  expect(plan(...looks)).toEqual(["trim", "collect", "trim", "trim", "collect"]);
});

test("memory that is in use in the heap is not looked through again", () => {
  const steps = plan({ resident: 100 }, ...repeat(20, { resident: 300 }));
  expect(steps.filter((step) => step === "collect")).toHaveLength(1);
});

test("memory that has become less by itself is what growth is counted from", () => {
  const looks = [300, 100, 110, 116].map((resident) => ({ resident }));
  expect(plan(...looks)).toEqual(["trim", "trim", "trim", "collect"]);
});

test("a small growth is collected 30 s after the last collection", () => {
  const steps = plan({ resident: 100 }, { resident: 300 }, { resident: 100 }, ...repeat(10, { resident: 108 }));
  const collections = steps.flatMap((step, i) => (step === "collect" ? [i] : []));
  expect(collections).toEqual([1, 7]);
});

test("buffers that clients held at the last collection are looked for every 30 s", () => {
  const steps = plan({ resident: 100 }, ...repeat(13, { resident: 300, external: 150 }));
  const collections = steps.flatMap((step, i) => (step === "collect" ? [i] : []));
  expect(collections).toEqual([1, 7, 13]);
});

test("a process at work collects nothing, and gives free memory back every 30 s", () => {
  const steps = plan({ resident: 100 }, ...repeat(12, { resident: 300, utilization: 0.5 }), { resident: 300 });
  const atWork: MemoryStep[] = ["none", "none", "none", "none", "none", "trim"];
  expect(steps).toEqual(["trim", ...atWork, ...atWork, "collect"]);
});
