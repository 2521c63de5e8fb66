import { describe, expect, test } from "vitest";
import { requestBytesMax, requestConcurrencyMax, requestGapBytesMax } from "../../../../src/parquet/workers/limits.ts";
import { fetchRanges, joinRanges } from "../../../../src/parquet/workers/fetch-ranges.ts";
import { RequestedFile, untilUnwanted } from "../requested-file.ts";
import { never } from "../tables.ts";

const at = (byteOffset: number, byteLength: number) => ({ byteOffset, byteLength });
const gap = requestGapBytesMax;

describe("ranges", () => {
  test.each([
    ["none", [], []],
    [
      "in any order",
      [at(20 + gap, 5), at(0, 10)],
      [
        [0, 10],
        [20 + gap, 25 + gap],
      ],
    ],
    ["that follow one another", [at(0, 10), at(10, 10)], [[0, 20]]],
    ["with less than a gap between them", [at(0, 10), at(10 + gap, 1)], [[0, 11 + gap]]],
    ["in one another", [at(0, 100), at(10, 10), at(90, 20)], [[0, 110]]],
  ])("%s are joined", (_, ranges, expected) => {
    expect(joinRanges(ranges).map(({ start, end }) => [start, end])).toEqual(expected);
  });
});

describe("bytes of a file", () => {
  const bytes = Uint8Array.from({ length: 5 * requestBytesMax + 5 }, (_, i) => (i * 7919) >> 8);

  test("are read by few requests at a time, none of them longer than one may be", async () => {
    const file = new RequestedFile(bytes);
    const ranges = [
      { start: 3, end: 10 },
      { start: 2 * gap, end: bytes.byteLength },
    ];
    const pieces = await fetchRanges(file, ranges, never);
    expect(pieces.map(({ start }) => start)).toEqual([3, 2 * gap]);
    for (const [i, { start, end }] of ranges.entries()) {
      expect(Buffer.compare(pieces[i]!.bytes, bytes.subarray(start, end))).toBe(0);
    }
    expect(file.requests).toHaveLength(6);
    const lengths = file.requests.map(({ start, end }) => end - start);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(requestBytesMax);
    // Beside the first range, all have the same length, except that the last one may have a few bytes fewer.
    expect(Math.min(...lengths.slice(1))).toBeGreaterThan(requestBytesMax / 2);
    expect(file.runningCountMax).toBe(requestConcurrencyMax);
  });

  test("that one request does not get are not waited for, and no request goes on", async () => {
    const file = new RequestedFile(bytes);
    file.beforeAnswer = (request) =>
      request.start === 0 ? Promise.reject(new Error("it was replaced")) : untilUnwanted(request);
    await expect(fetchRanges(file, [{ start: 0, end: bytes.byteLength }], never)).rejects.toThrow("it was replaced");
    expect([file.requests.length, file.runningCount]).toEqual([requestConcurrencyMax, 0]);
  });

  test("are not read on when the call has ended", async () => {
    const file = new RequestedFile(bytes);
    const call = new AbortController();
    file.beforeAnswer = untilUnwanted;
    const fetched = fetchRanges(file, [{ start: 0, end: bytes.byteLength }], call.signal);
    call.abort(new Error("the client left"));
    await expect(fetched).rejects.toThrow("the client left");
    expect(file.runningCount).toBe(0);
  });
});
