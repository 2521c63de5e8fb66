import { expect, test, vi } from "vitest";
import { FlightError } from "../../../src/flight/index.ts";
import { untilAborted } from "../../../src/producer/index.ts";

test("a stream passes to its end", async () => {
  async function* source(): AsyncGenerator<number, void, undefined> {
    yield 1;
    yield 2;
  }
  const items: number[] = [];
  for await (const item of untilAborted(source(), new AbortController().signal)) items.push(item);
  expect(items).toEqual([1, 2]);
});

test.each([
  ["an AbortError", undefined, "cancelled"],
  ["a FlightError", new FlightError("deadline_exceeded", "too late"), "deadline_exceeded"],
])("a silent stream ends when its signal aborts with %s", async (_, reason, code) => {
  async function* silent(): AsyncGenerator<number, void, undefined> {
    yield 1;
    await new Promise(() => {});
  }
  const call = new AbortController();
  const stream = untilAborted(silent(), call.signal);
  await stream.next();
  const next = stream.next();
  call.abort(reason);
  await expect(next).rejects.toMatchObject({ code });
  await expect(untilAborted(silent(), call.signal).next()).rejects.toMatchObject({ code });
});

test("a stream that is left is told so", async () => {
  let isReleased = false;
  async function* source(): AsyncGenerator<number, void, undefined> {
    try {
      yield 1;
      yield 2;
    } finally {
      isReleased = true;
    }
  }
  for await (const _ of untilAborted(source(), new AbortController().signal)) break;
  await new Promise((resolve) => setImmediate(resolve));
  expect(isReleased).toBe(true);
});

test("a stream that is wrapped twice ends by either signal, and has one listener of each", async () => {
  async function* source(): AsyncGenerator<number, void, undefined> {
    for (let item = 0; item < 10; item++) yield item;
    await new Promise(() => {});
  }
  for (const aborted of [0, 1]) {
    const calls = [new AbortController(), new AbortController()];
    const listens = vi.spyOn(AbortSignal.prototype, "addEventListener");
    const stream = untilAborted(untilAborted(source(), calls[0]!.signal), calls[1]!.signal);
    for (let item = 0; item < 10; item++) expect((await stream.next()).value).toBe(item);
    expect(listens).toHaveBeenCalledTimes(2);
    listens.mockRestore();
    const next = stream.next();
    calls[aborted]!.abort();
    await expect(next).rejects.toMatchObject({ code: "cancelled" });
  }
});
