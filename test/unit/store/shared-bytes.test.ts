import { expect, test } from "vitest";
import { FactsCache } from "../../../src/store/facts-cache.ts";
import { SharedBytes } from "../../../src/store/shared-bytes.ts";

test("equal arrays are kept once, until their last use ends", () => {
  const shared = new SharedBytes();
  const [first, second] = [shared.use(Uint8Array.of(1, 2)), shared.use(Uint8Array.of(1, 2))];
  expect(second).toBe(first);
  shared.use(Uint8Array.of(3));
  expect(shared.byteLength).toBe(3);
  shared.release(first);
  expect(shared.byteLength).toBe(3);
  shared.release(second);
  expect(shared.byteLength).toBe(1);
  shared.release(Uint8Array.of(9));
  expect(shared.byteLength).toBe(1);
});

test("what a cache's values share counts once, and leaves with the last of them", () => {
  const schemas = new SharedBytes();
  const cache = new FactsCache<Uint8Array>({
    byteLengthMax: 40,
    byteLengthOf: () => 1,
    failureLifeMs: () => 0,
    shared: {
      get byteLength() {
        return schemas.byteLength;
      },
      use: (value) => schemas.use(value),
      release: (value) => schemas.release(value),
    },
  });
  for (const key of ["a", "b", "c"]) cache.put(key, new Uint8Array(20));
  expect(cache.byteLength).toBe(20 + 3 * 3);
  // No room for two schemas: those with the first one leave.
  cache.put("d", new Uint8Array(30));
  expect(cache.byteLength).toBe(30 + 3);
  expect(["a", "b", "c", "d"].map((key) => cache.peek(key) !== undefined)).toEqual([false, false, false, true]);
});
