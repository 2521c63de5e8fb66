import { afterEach, describe, expect, test, vi } from "vitest";
import { FactsCache } from "../../../src/store/facts-cache.ts";

const createCache = (byteLengthMax: number): FactsCache<string> =>
  new FactsCache({
    byteLengthMax,
    byteLengthOf: (value) => value.length,
    failureLifeMs: (reason) => (reason instanceof RangeError ? Infinity : reason instanceof TypeError ? 1000 : 0),
  });

afterEach(() => {
  vi.useRealTimers();
});

describe("the cache of facts", () => {
  test("one load serves all who ask for a key while it runs, and those after it", async () => {
    const cache = createCache(1000);
    let loadCount = 0;
    const load = async (): Promise<string> => {
      loadCount += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return "value";
    };
    expect(await Promise.all([cache.get("a", load), cache.get("a", load)])).toEqual(["value", "value"]);
    expect(await cache.get("a", load)).toBe("value");
    expect(cache.peek("a")).toBe("value");
    expect(loadCount).toBe(1);
  });

  test("the least recently used leave when the bytes do not fit", async () => {
    const cache = createCache(306);
    const load = async (): Promise<string> => "x".repeat(100);
    for (const key of ["a", "b", "c"]) await cache.get(key, load);
    cache.peek("a");
    await cache.get("d", load);
    expect(["a", "b", "c", "d"].map((key) => cache.peek(key) !== undefined)).toEqual([true, false, true, true]);
    expect(cache.byteLength).toBe(306);
  });

  test("a value larger than the cache is given and not kept", async () => {
    const cache = createCache(10);
    expect(await cache.get("a", async () => "x".repeat(100))).toHaveLength(100);
    expect(cache.peek("a")).toBeUndefined();
    expect(cache.byteLength).toBe(0);
  });

  test("a failure is kept where it is the key's own, and tried again where it is not", async () => {
    const cache = createCache(10_000);
    let loadCount = 0;
    const failing = (failure: Error) => async (): Promise<string> => {
      loadCount += 1;
      throw failure;
    };
    for (let i = 0; i < 2; i++) await expect(cache.get("own", failing(new RangeError("own")))).rejects.toThrow("own");
    expect(() => cache.peek("own")).toThrow("own");
    expect(loadCount).toBe(1);
    for (let i = 0; i < 2; i++) await expect(cache.get("other", failing(new Error("other")))).rejects.toThrow("other");
    expect(loadCount).toBe(3);
  });

  test("a failure that may pass is kept for its time", async () => {
    vi.useFakeTimers();
    const cache = createCache(10_000);
    const failing = async (): Promise<string> => Promise.reject(new TypeError("slow"));
    await expect(cache.get("a", failing)).rejects.toThrow("slow");
    vi.advanceTimersByTime(999);
    expect(() => cache.peek("a")).toThrow("slow");
    vi.advanceTimersByTime(1);
    expect(cache.peek("a")).toBeUndefined();
    expect(cache.byteLength).toBe(0);
    expect(await cache.get("a", async () => "value")).toBe("value");
    expect(cache.peek("a")).toBe("value");
  });
});
