import { expect, test } from "vitest";
import { openBucketStorage } from "../../src/storage/index.ts";
import { parseBucketUrl } from "../../src/storage/bucket/bucket-location.ts";
import { connectBucket } from "../../src/storage/bucket/objects.ts";
import { sweepUploads } from "../../src/storage/bucket/sweep-uploads.ts";
import { useBuckets } from "../support/buckets.ts";
import { runBucketLoad } from "./bucket-load.ts";

const buckets = useBuckets({ gatewayCount: 2 });
const {
  HANGAR_KILL_PUTS: putsPerClient = "3",
  HANGAR_KILL_MB: megabytesMax = "20",
  HANGAR_KILL_INTERVAL_MS: killIntervalMs = "500",
} = process.env;
const load = {
  serverCount: 4,
  clientCount: 8,
  putsPerClient: Number(putsPerClient),
  byteLengthMax: 1e6 * Number(megabytesMax),
  killIntervalMs: Number(killIntervalMs),
};

test(
  "what servers acknowledge is there, whole and once, when they and a gateway are killed",
  { timeout: 300_000 * Math.max(1, load.putsPerClient / 3) },
  async () => {
    const place = buckets.createPlace()();
    const { acknowledged, wrong, ...counts } = await runBucketLoad(buckets.server, place.url, load);
    process.stdout.write(`${JSON.stringify({ datasetCount: acknowledged.size, ...counts })}\n`);
    expect(wrong).toEqual([]);
    expect(acknowledged.size).toBe(load.clientCount * load.putsPerClient);
    expect(counts.killCount).toBeGreaterThan(0);
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
