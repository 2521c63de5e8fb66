import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BodyQueue, detachBodies, type MessageClaim } from "../../../../src/flight/index.ts";
import { claimTimeoutMs, stalledBytesMin, stalledTimeMs } from "../../../../src/parquet/write/limits.ts";
import { UploadBudget, type BudgetHolder } from "../../../../src/parquet/write/upload-budget.ts";

const mebi = 1024 * 1024;
const { signal } = new AbortController();
const holder: BudgetHolder = { collectedBytes: 0, flush: () => {} };
const exhausted = expect.objectContaining({ code: "resource_exhausted" }) as Error;

/** What has become of a claim by now. */
async function stateOf(claim: Promise<unknown>): Promise<"granted" | "refused" | "waiting"> {
  const waiting = new Promise<"waiting">((resolve) => setImmediate(() => resolve("waiting")));
  return await Promise.race([
    claim.then(
      () => "granted" as const,
      () => "refused" as const,
    ),
    waiting,
  ]);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("claims of the upload budget", () => {
  test("wait for room in their order, and leave room for messages of usual size", async () => {
    const { claims } = new UploadBudget(100 * mebi);
    const first = await claims.claim(50 * mebi);
    const second = claims.claim(40 * mebi);
    const third = claims.claim(5 * mebi);
    expect(await stateOf(second)).toBe("waiting");
    expect(await stateOf(third)).toBe("waiting");
    for (let i = 0; i < 10; i++) await claims.claim(2 * mebi);
    expect(claims.claimedBytes).toBe(70 * mebi);
    first.release();
    first.release();
    await Promise.all([second, third]);
    expect(claims.claimedBytes).toBe(65 * mebi);
  });

  test("let one message in that is larger than the budget, and no second one", async () => {
    const { claims } = new UploadBudget(10 * mebi);
    const first = await claims.claim(500 * mebi);
    const second = claims.claim(500 * mebi);
    expect(await stateOf(second)).toBe("waiting");
    first.release();
    await second;
  });

  test("wait while more is held than may be, and have collections written", async () => {
    const budget = new UploadBudget(100 * mebi);
    const flush = vi.fn();
    const held: BudgetHolder = { collectedBytes: 40 * mebi, flush };
    budget.add(held, 40 * mebi);
    const first = await budget.claims.claim(30 * mebi);
    const second = budget.claims.claim(40 * mebi);
    expect(await stateOf(second)).toBe("waiting");
    expect(flush).toHaveBeenCalled();
    budget.add(held, -40 * mebi);
    await second;
    first.release();
    budget.add(holder, 101 * mebi);
    const third = budget.claims.claim(mebi);
    expect(await stateOf(third)).toBe("waiting");
    budget.close(holder);
    await third;
  });

  test("do not keep those who hold messages from having them expanded: one body is always let in", async () => {
    const { claims } = new UploadBudget(100 * mebi);
    await claims.claim(75 * mebi);
    const first = await claims.expand(60 * mebi, signal);
    const call = new AbortController();
    const left = claims.expand(60 * mebi, call.signal);
    const third = claims.expand(60 * mebi, signal);
    expect([await stateOf(left), await stateOf(third)]).toEqual(["waiting", "waiting"]);
    call.abort(new Error("the client left"));
    await expect(left).rejects.toThrow("the client left");
    first.release();
    await third;
  });

  test("are taken from messages that do not come while others wait, and from no others", async () => {
    const { claims } = new UploadBudget(100 * mebi);
    const stalled = await claims.claim(40 * mebi);
    const moving = await claims.claim(30 * mebi);
    const lost = stalled.revoked.catch((reason: unknown) => reason);
    // Nobody waits: it may take its time.
    vi.advanceTimersByTime(10 * stalledTimeMs);
    expect(claims.claimedBytes).toBe(70 * mebi);
    const waiting = claims.claim(40 * mebi);
    const kept = moving.revoked.catch(() => "lost");
    moving.advance(stalledBytesMin);
    vi.advanceTimersByTime(1_000);
    await waiting;
    expect(await lost).toEqual(exhausted);
    expect(claims.claimedBytes).toBe(70 * mebi);
    const next = claims.claim(40 * mebi);
    moving.complete();
    vi.advanceTimersByTime(3 * stalledTimeMs);
    await next;
    expect(await stateOf(kept)).toBe("waiting");
  });

  test("are refused where nothing becomes free for long", async () => {
    const { claims } = new UploadBudget(100 * mebi);
    const first = await claims.claim(60 * mebi);
    first.complete();
    const second = claims.claim(60 * mebi);
    const refused = second.catch((reason: unknown) => reason);
    vi.advanceTimersByTime(claimTimeoutMs + 2_000);
    expect(await refused).toEqual(exhausted);
    first.release();
    expect(claims.claimedBytes).toBe(0);
  });

  test("that a reader lost end it, though its peer is silent, and let go of what has come", async () => {
    const { claims } = new UploadBudget(10 * mebi);
    const chunk = new Uint8Array(mebi);
    chunk.set([0, 0, 0x80, 0, 0, 0xc2, 0x3e, 0xf9, 0xff, 0xff, 0x03]);
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield chunk;
      await new Promise(() => {});
    }
    const reading = detachBodies(silent(), new BodyQueue(), { messageBytesMax: 512 * mebi, budget: claims }).next();
    const ended = reading.catch((reason: unknown) => reason);
    expect(await stateOf(reading)).toBe("waiting");
    expect(claims.claimedBytes).toBe(8 * mebi);
    const next: Promise<MessageClaim> = claims.claim(9 * mebi);
    vi.advanceTimersByTime(stalledTimeMs + 1_000);
    expect(await ended).toEqual(exhausted);
    (await next).release();
    expect(claims.claimedBytes).toBe(0);
  });
});
