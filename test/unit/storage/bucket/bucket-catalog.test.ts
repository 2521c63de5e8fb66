import type { ListObjectsV2CommandInput, S3 } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseDatasetName } from "../../../../src/dataset/index.ts";
import { BucketCatalog } from "../../../../src/storage/bucket/bucket-catalog.ts";
import { listConcurrencyMax } from "../../../../src/storage/bucket/limits.ts";
import { LeftOutLog } from "../../../../src/storage/left-out-log.ts";
import { silentLog } from "../../../../src/storage/storage-log.ts";

/** The objects in an answer; S3 sends 1,000. */
const pageCount = 10;
const listedWithinMs = 5000;
const keyOf = (i: number): string => `n${String(i).padStart(7, "0")}`;

/** A bucket of which only the listing is requested, and the time of each request. */
class FakeBucket {
  keys: string[];
  readonly requestedMs: number[] = [];

  constructor(count: number) {
    this.keys = Array.from({ length: count }, (_, i) => keyOf(i));
  }

  async listObjectsV2({ ContinuationToken, StartAfter }: ListObjectsV2CommandInput) {
    this.requestedMs.push(performance.now());
    const after = ContinuationToken ?? StartAfter ?? "";
    const start = after === "" ? 0 : Number(after.slice(1)) + 1;
    const page = this.keys.slice(start, start + pageCount);
    const isTruncated = start + pageCount < this.keys.length;
    return {
      Contents: page.map((Key) => ({ Key, ETag: '"1"', Size: 1, LastModified: new Date(0) })),
      IsTruncated: isTruncated,
      NextContinuationToken: isTruncated ? page.at(-1) : undefined,
    };
  }

  createCatalog(): BucketCatalog {
    const objects = { s3: this as unknown as S3, location: { bucket: "flights", keyPrefix: "" } };
    return new BucketCatalog(objects, { leftOut: new LeftOutLog(silentLog), listedWithinMs });
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

describe("a listing that is asked for without a pause", () => {
  test.each([
    [1, 5000],
    [20, 5000],
    [100, 22_000],
  ])("of %i pages is at most %i ms old, and takes at most 600 requests a minute", async (pages, ageMsMax) => {
    const bucket = new FakeBucket(pages * pageCount);
    const catalog = bucket.createCatalog();
    expect(await Array.fromAsync(catalog.list({ after: "" }))).toHaveLength(pages * pageCount);
    const stepMs = ageMsMax / 20;
    let putMs: number | undefined;
    const waitsMs: number[] = [];
    while (performance.now() < 6 * ageMsMax) {
      if (putMs === undefined) {
        bucket.keys.push(keyOf(bucket.keys.length));
        putMs = performance.now();
      }
      if (await isListed(catalog, bucket.keys.at(-1)!)) {
        waitsMs.push(performance.now() - putMs);
        putMs = undefined;
      }
      vi.advanceTimersByTime(stepMs);
      // A refresh in the background gets its answers.
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    }
    expect(waitsMs.length).toBeGreaterThan(3);
    expect(Math.max(...waitsMs)).toBeLessThanOrEqual(ageMsMax + stepMs);
    const times = bucket.requestedMs;
    const counts = times.map((at) => times.filter((ms) => ms >= at && ms < at + 60_000).length);
    // The requests of one more refresh may be at the end of the minute.
    expect(Math.max(...counts)).toBeLessThanOrEqual(600 + pages + listConcurrencyMax);
  });
});

async function isListed(catalog: BucketCatalog, name: string): Promise<boolean> {
  for await (const file of catalog.list({ after: "", prefix: name }))
    if (file.name === parseDatasetName(name)) return true;
  return false;
}
