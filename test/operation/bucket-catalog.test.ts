import { S3 } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, test } from "vitest";
import { ParquetPool } from "../../src/parquet/index.ts";
import { openBucketStorage, type BucketStorageOptions } from "../../src/storage/index.ts";
import { createDatasetStore, type DatasetStore } from "../../src/store/index.ts";
import { createTestContext } from "../contract/call-context.ts";
import { list, put } from "../contract/calls.ts";
import { createTable } from "../contract/tables.ts";
import { useBuckets } from "../support/buckets.ts";
import { startS3Proxy } from "../support/s3-proxy.ts";
import { waitUntil } from "../support/wait.ts";

const buckets = useBuckets({ gatewayCount: 2 });
const pool = new ParquetPool({ workerCount: 1 });
afterAll(async () => await pool.close());

interface OpenStore extends AsyncDisposable {
  readonly store: DatasetStore;
}

async function openStore(options: BucketStorageOptions): Promise<OpenStore> {
  const store = createDatasetStore({ storage: await openBucketStorage(options), pool });
  return { store, [Symbol.asyncDispose]: () => store.close() };
}

describe("several servers over one bucket", () => {
  test("a put is seen by another server's GetFlightInfo at once, and in its list within the stated time", async () => {
    const place = buckets.createPlace();
    await using writer = await openStore(place(0));
    await using reader = await openStore({ ...place(1), listedWithinMs: 1000 });
    expect(await list(reader.store)).toEqual([]);
    await put(writer.store, ["a"], createTable(1));
    expect(await reader.store.getDataset(createTestContext(), "a")).toMatchObject({ summary: { rowCount: 12n } });
    await waitUntil("the other server lists it", async () => (await list(reader.store)).includes("a"));
    await writer.store.dropDataset(createTestContext(), "a");
    await waitUntil("the other server lists it no more", async () => (await list(reader.store)).length === 0);
  });

  test("a list that is not older than nothing shows every put", async () => {
    const place = buckets.createPlace();
    await using writer = await openStore(place(0));
    await using reader = await openStore({ ...place(1), listedWithinMs: 0 });
    for (let i = 0; i < 5; i++) {
      await put(writer.store, [`n${i}`], createTable(i));
      // Two intervals that bound the requests: the first starts a refresh in the background.
      await new Promise((resolve) => setTimeout(resolve, 250));
      expect(await list(reader.store)).toHaveLength(i + 1);
    }
  });

  test("a new server lists without reading a footer, by what an earlier one has written", async () => {
    const place = buckets.createPlace()();
    const names = Array.from({ length: 60 }, (_, i) => `n${String(i).padStart(2, "0")}`);
    {
      await using first = await openStore(place);
      for (const [i, name] of names.entries()) await put(first.store, [name], createTable(i));
    }
    await using proxy = await startS3Proxy(place.endpoint);
    await using second = await openStore({ ...place, endpoint: proxy.endpoint });
    proxy.take();
    expect(await list(second.store)).toEqual(names);
    expect(proxy.take()).toEqual(["GET list-type", "GET list-type", "GET"]);
    // A dataset that a server has replaced since is read again.
    await using third = await openStore(place);
    await put(third.store, ["n05"], createTable(99, { batchCount: 1 }));
    await using fourth = await openStore({ ...place, endpoint: proxy.endpoint });
    proxy.take();
    expect(await list(fourth.store)).toEqual(names);
    expect(proxy.take()).toEqual(["GET list-type", "GET list-type", "GET", "GET"]);
  });
});

describe("10,000 datasets", () => {
  test("are listed in few requests by a server that knows them, and by a new one", { timeout: 300_000 }, async () => {
    const place = buckets.createPlace()();
    await using proxy = await startS3Proxy(place.endpoint);
    await copyDataset(place, 10_000);
    {
      await using first = await openStore(place);
      expect(await list(first.store)).toHaveLength(10_001);
    }
    // So long that a busy machine requests no listing a second time.
    await using second = await openStore({ ...place, endpoint: proxy.endpoint, listedWithinMs: 3_600_000 });
    proxy.take();
    expect(await list(second.store)).toHaveLength(10_001);
    const cold = proxy.take();
    // The listing has eleven pages and hidden objects, and the facts of 1,024 datasets or more are one object.
    expect(cold.filter((request) => request === "GET list-type").length).toBeLessThanOrEqual(13);
    expect(cold.filter((request) => request === "GET").length).toBeLessThanOrEqual(11);
    expect(await list(second.store)).toHaveLength(10_001);
    expect(proxy.take().filter((request) => request !== "GET list-type")).toEqual([]);
  });
});

/** Puts a dataset, and many copies of its object, as another program does. */
async function copyDataset(place: ReturnType<ReturnType<typeof buckets.createPlace>>, count: number): Promise<void> {
  await using opened = await openStore(place);
  await put(opened.store, ["seed"], createTable(1));
  const httpAgent = { keepAlive: true, maxSockets: 16 };
  const { endpoint } = place;
  const s3 = new S3({ endpoint, region: "us-east-1", forcePathStyle: true, requestHandler: { httpAgent } });
  const [Bucket, prefix] = place.url.slice("s3://".length).split("/");
  const { Body: seed } = await s3.getObject({ Bucket, Key: `${prefix}/seed` });
  const Body = await seed!.transformToByteArray();
  const numbers = Array.from({ length: count }, (_, i) => String(i).padStart(5, "0")).values();
  const putNext = async (): Promise<void> => {
    for (const number of numbers) {
      await s3.putObject({ Bucket, Key: `${prefix}/day=${number.slice(3)}/${number}.parquet`, Body });
    }
  };
  await Promise.all(Array.from({ length: 16 }, putNext));
  s3.destroy();
}
