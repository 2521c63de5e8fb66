import { expect, test } from "vitest";
import { Backoff } from "../../../src/proxy/backoff.ts";

test("pauses grow up to a bound, and a success ends them", () => {
  let now = 1_000_000;
  const backoff = new Backoff(
    () => now,
    () => 1,
  );
  const pauses: number[] = [];
  for (let i = 0; i < 8; i++) {
    backoff.assertMayTry();
    const failure = new Error(`attempt ${i}`);
    backoff.failed(failure);
    // Another that was under way at the same time.
    backoff.failed(new Error("another"));
    expect(() => backoff.assertMayTry()).toThrow(failure);
    const start = now;
    while (isHeldBack(backoff)) now += 100;
    pauses.push(now - start);
  }
  expect(pauses).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  backoff.succeeded();
  backoff.failed(new Error("anew"));
  now += 200;
  backoff.assertMayTry();
});

function isHeldBack(backoff: Backoff): boolean {
  try {
    backoff.assertMayTry();
    return false;
  } catch {
    return true;
  }
}
