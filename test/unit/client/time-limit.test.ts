import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { startTimeLimit, toEnded, toEndSignal } from "../../../src/client/time-limit.ts";

describe("a time limit", () => {
  test.each([undefined, 0])("of %s is none", (timeoutMs) => {
    expect(startTimeLimit(timeoutMs)()).toBeUndefined();
    expect(toEndSignal(undefined, timeoutMs)).toBeUndefined();
  });

  test("gives what is left of it in whole milliseconds, until nothing is", async () => {
    const leftMs = startTimeLimit(60_000.5);
    const first = leftMs()!;
    await sleep(20);
    const second = leftMs()!;
    expect([Number.isInteger(first), Number.isInteger(second)]).toEqual([true, true]);
    expect(first).toBeLessThanOrEqual(60_001);
    expect(second).toBeLessThan(first);
    const over = startTimeLimit(1.5);
    await sleep(20);
    expect(over).toThrow(expect.objectContaining({ code: "deadline_exceeded" }));
  });

  test("ends what waits for its signal, as the caller's signal does", async () => {
    const leaving = new AbortController();
    const signals = [toEndSignal(leaving.signal, 0.5)!, toEndSignal(leaving.signal, 60_000)!];
    await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(toEnded("upload", leaving.signal)).toMatchObject({
      code: "deadline_exceeded",
      message: "the upload took too long",
    });
    leaving.abort();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(toEnded("download", leaving.signal)).toMatchObject({
      code: "cancelled",
      message: "the download was cancelled",
    });
  });
});
