import { expect, test } from "vitest";
import { openBucketStorage } from "../../src/storage/index.ts";
import { parseBucketUrl } from "../../src/storage/bucket/bucket-location.ts";
import { connectBucket } from "../../src/storage/bucket/objects.ts";
import { sweepUploads } from "../../src/storage/bucket/sweep-uploads.ts";
import { useBuckets } from "../support/buckets.ts";
import { runBucketLoad } from "./bucket-load.ts";

const buckets = useBuckets({ gatewayCount: 2 });

test(
  "what servers acknowledge is there, whole and once, when they and a gateway are killed",
  { timeout: 300_000 },
  async () => {
    const place = buckets.createPlace()();
    const { acknowledged, killCount, wrong } = await runBucketLoad(buckets.server, place.url, {
      serverCount: 4,
      clientCount: 8,
      putsPerClient: 3,
      byteLengthMax: 20_000_000,
      killIntervalMs: 500,
    });
    expect(wrong).toEqual([]);
    expect(acknowledged.size).toBe(24);
    expect(killCount).toBeGreaterThan(0);
    const storage = await openBucketStorage(place);
    const listed = await Array.fromAsync(storage.list({ after: "" }), ({ name }) => String(name));
    expect(listed).toEqual([...acknowledged.keys()].sort());
    const objects = await connectBucket(parseBucketUrl(place.url), place);
    await sweepUploads(objects, new Date(Date.now() + 60_000));
    expect(await buckets.countUploads()).toBe(0);
    objects.s3.destroy();
    await storage.close();
  },
);
