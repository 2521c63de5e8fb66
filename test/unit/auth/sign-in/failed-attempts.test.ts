import { expect, test } from "vitest";
import { FailedAttempts } from "../../../../src/auth/sign-in/failed-attempts.ts";
import { FlightError } from "../../../../src/flight/index.ts";

const wrong = async (): Promise<never> => {
  throw new FlightError("unauthenticated", "wrong");
};
const right = async (): Promise<string> => "right";

/** Attempts with a clock of the test's own. */
function create() {
  const clock = { nowMs: 0 };
  const attempts = new FailedAttempts(() => clock.nowMs);
  let count = 0;
  const outcome = async (
    peer: string,
    run: () => Promise<unknown>,
    { key = String(count++), isKnown = false } = {},
  ): Promise<unknown> => await attempts.make(peer, { key, isKnown, run }).catch((reason: FlightError) => reason.code);
  const fail = async (peer: string, count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await outcome(peer, wrong);
  };
  return { clock, attempts, outcome, fail };
}

test("ten failures are free; then an address waits twice as long each time, a minute at most", async () => {
  const { clock, outcome, fail } = create();
  await fail("192.0.2.1:1", 10);
  expect(await outcome("192.0.2.1:2", right)).toBe("right");
  for (const waitMs of [1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => 1000 * seconds)) {
    expect(await outcome("192.0.2.1:3", wrong)).toBe("unauthenticated");
    clock.nowMs += waitMs - 1;
    expect(await outcome("192.0.2.1:4", right)).toBe("resource_exhausted");
    clock.nowMs += 1;
    expect(await outcome("192.0.2.1:5", right)).toBe("right");
  }
  clock.nowMs += 15 * 60_000;
  await fail("192.0.2.1:1", 10);
  expect(await outcome("192.0.2.1:2", right)).toBe("right");
});

test("says for how long, and nothing of the attempt", async () => {
  const { attempts, fail } = create();
  await fail("192.0.2.1:1", 12);
  await expect(attempts.make("192.0.2.1:1", { key: "a", run: right })).rejects.toThrow(
    "too many failed attempts from this address; try again in 1 s",
  );
});

test("only what is unauthenticated is a failure", async () => {
  const { outcome } = create();
  const busy = async (): Promise<never> => {
    throw new FlightError("unavailable", "busy");
  };
  for (let i = 0; i < 20; i++) expect(await outcome("192.0.2.1:1", busy)).toBe("unavailable");
  expect(await outcome("192.0.2.1:1", right)).toBe("right");
});

test.each([
  ["192.0.2.1:1", "192.0.2.2:1", false],
  ["192.0.2.1:1", "192.0.2.1", true],
  ["192.0.2.1:1", "[::ffff:192.0.2.1]:9", true],
  ["[::ffff:192.0.2.1]:1", "[::ffff:192.0.2.2]:1", false],
  ["[2001:db8:1:2::1]:1", "[2001:db8:1:2:ffff::9]:7", true],
  ["[2001:db8:1:2::1]:1", "[2001:db8:1:2::3]", true],
  ["[2001:db8:1:2::1]:1", "[2001:db8:1:3::1]:1", false],
  ["[::1]:1", "[::1]:2", true],
])("failures of %s count for %s: %s", async (failed, other, counts) => {
  const { outcome, fail } = create();
  await fail(failed, 11);
  expect(await outcome(other, right)).toBe(counts ? "resource_exhausted" : "right");
});

/** An attempt that goes on until it is ended. */
function pending(reason?: FlightError) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let runCount = 0;
  const run = async (): Promise<string> => {
    runCount += 1;
    return await promise;
  };
  return { run, end: () => (reason ? reject(reason) : resolve("right")), runCount: () => runCount };
}

test("of sixty different attempts at once, an address makes eight, then two, then one", async () => {
  const { outcome } = create();
  for (const madeCount of [8, 2, 1]) {
    const attempt = pending(new FlightError("unauthenticated", "wrong"));
    const outcomes = Array.from({ length: 60 }, () => outcome("192.0.2.1:1", attempt.run));
    expect(await outcome("192.0.2.2:1", right)).toBe("right");
    attempt.end();
    const made = (await Promise.all(outcomes)).filter((each) => each !== "resource_exhausted");
    expect(made).toEqual(Array<string>(madeCount).fill("unauthenticated"));
    expect(attempt.runCount()).toBe(madeCount);
  }
  expect(await outcome("192.0.2.1:1", right)).toBe("resource_exhausted");
});

test("sixty attempts at once with the same credentials are one, right or wrong", async () => {
  const { outcome, fail } = create();
  const [good, bad] = [pending(), pending(new FlightError("unauthenticated", "wrong"))];
  for (const [attempt, wanted] of [
    [bad, "unauthenticated"],
    [good, "right"],
  ] as const) {
    const outcomes = Array.from({ length: 60 }, () => outcome("192.0.2.1:1", attempt.run, { key: wanted }));
    attempt.end();
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set([wanted]));
    expect(attempt.runCount()).toBe(1);
  }
  // The wrong ones were one failure of ten.
  await fail("192.0.2.1:1", 9);
  expect(await outcome("192.0.2.1:1", right)).toBe("right");
});

test("known credentials take no place, and tell nothing to an address that has none", async () => {
  const { outcome } = create();
  const attempt = pending();
  const others = Array.from({ length: 60 }, () => outcome("192.0.2.1:1", attempt.run, { isKnown: true }));
  const first = Array.from({ length: 8 }, () => outcome("192.0.2.1:1", attempt.run));
  expect(await outcome("192.0.2.1:1", right, { isKnown: true })).toBe("resource_exhausted");
  attempt.end();
  expect(new Set(await Promise.all([...others, ...first]))).toEqual(new Set(["right"]));
  expect(await outcome("192.0.2.1:1", right)).toBe("right");
});
