import { S3 } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { parseDatasetName } from "../../src/dataset/index.ts";
import {
  openBucketStorage,
  type BucketStorageOptions,
  type Committed,
  type Placement,
  type Storage,
} from "../../src/storage/index.ts";
import { parseBucketUrl } from "../../src/storage/bucket/bucket-location.ts";
import { connectBucket } from "../../src/storage/bucket/objects.ts";
import { sweepUploads } from "../../src/storage/bucket/sweep-uploads.ts";
import { ParquetPool } from "../../src/parquet/index.ts";
import { createDatasetStore } from "../../src/store/index.ts";
import { createTestContext } from "../contract/call-context.ts";
import { get, list, put as putTable } from "../contract/calls.ts";
import { createTable } from "../contract/tables.ts";
import { useBuckets } from "../support/buckets.ts";
import { s3Environment } from "../support/s3-server.ts";
import { startS3Proxy, type S3Proxy } from "../support/s3-proxy.ts";
import { startUnconditionalS3 } from "../support/unconditional-s3.ts";

const buckets = useBuckets();
const name = parseDatasetName("a/b");
const create: Placement = { name, mode: "create" };
const replace: Placement = { name, mode: "replace" };
const small = Buffer.from("a small object");
/** Three parts. */
const large = Buffer.from(Uint8Array.from({ length: 20 * 1024 * 1024 }, (_, i) => (i * i) >> 7));

interface Faulty extends AsyncDisposable {
  readonly place: ReturnType<ReturnType<typeof buckets.createPlace>>;
  readonly storage: Storage;
  readonly proxy: S3Proxy;
}

/** So long that no listing is requested again because the machine is busy. */
const listedWithinMs = 3_600_000;

async function openFaulty(options: Pick<BucketStorageOptions, "onReceived"> = {}): Promise<Faulty> {
  const place = buckets.createPlace()();
  const proxy = await startS3Proxy(place.endpoint);
  const storage = await openBucketStorage({ ...place, endpoint: proxy.endpoint, listedWithinMs, ...options });
  proxy.take();
  return {
    place,
    storage,
    proxy,
    async [Symbol.asyncDispose]() {
      await storage.close();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

async function put(storage: Storage, bytes: Uint8Array, placement: Placement): Promise<Committed> {
  const upload = await storage.create(placement);
  try {
    for (let i = 0; i < bytes.byteLength; i += 3_000_000) await upload.append(bytes.subarray(i, i + 3_000_000));
    return await upload.commit();
  } finally {
    await upload.discard();
  }
}

async function read(storage: Storage): Promise<Buffer> {
  const file = await storage.open(name);
  const bytes = await file.read(0, file.version.byteLength);
  await file.close();
  return Buffer.from(bytes);
}

/** The n-th request with a name has a fate; the others have none. */
function once(wanted: string, fate: "503" | "cut" | "late" | "lost") {
  let isDone = false;
  return (request: string) => {
    if (isDone || request !== wanted) return undefined;
    isDone = true;
    return fate;
  };
}

describe("a bucket that answers badly", () => {
  test("slows uploads and reads while it is throttled, and fails none", async () => {
    await using faulty = await openFaulty();
    let count = 0;
    faulty.proxy.fate = () => (count++ % 3 === 2 ? undefined : "503");
    await put(faulty.storage, large, create);
    expect((await read(faulty.storage)).equals(large)).toBe(true);
    expect(await Array.fromAsync(faulty.storage.list({ after: "" }))).toMatchObject([{ name }]);
  });

  test("goes on after the last byte where an answer is cut", async () => {
    await using faulty = await openFaulty();
    await put(faulty.storage, large, replace);
    let count = 0;
    faulty.proxy.fate = (request) => (request === "GET" && count++ < 5 ? "cut" : undefined);
    expect((await read(faulty.storage)).equals(large)).toBe(true);
  });

  test("reports each byte of a read once, so that a server can collect its garbage", async () => {
    let receivedBytes = 0;
    await using faulty = await openFaulty({ onReceived: (byteLength) => (receivedBytes += byteLength) });
    await put(faulty.storage, large, replace);
    let count = 0;
    faulty.proxy.fate = (request) => (request === "GET" && count++ < 3 ? "cut" : undefined);
    await read(faulty.storage);
    expect(receivedBytes).toBe(large.byteLength);
  });

  test("may take its time", async () => {
    await using faulty = await openFaulty();
    faulty.proxy.fate = once("PUT", "late");
    await put(faulty.storage, small, create);
    faulty.proxy.fate = once("GET", "late");
    expect(await read(faulty.storage)).toEqual(small);
  });

  test.each([
    ["a create", small, create, "PUT"],
    ["a replacement", small, replace, "PUT"],
    ["a create in parts", large, create, "POST uploadId"],
    ["a replacement in parts", large, replace, "POST uploadId"],
  ] as const)("%s succeeds whose answer is lost after it was done", async (_what, bytes, placement, request) => {
    await using faulty = await openFaulty();
    faulty.proxy.fate = once(request, "lost");
    const { version } = await put(faulty.storage, bytes, placement);
    expect(await faulty.storage.stat(name)).toMatchObject({ id: version.id, byteLength: bytes.byteLength });
    expect((await read(faulty.storage)).equals(bytes)).toBe(true);
  });

  test("a create whose answer is lost does not hide that another one was there before", async () => {
    await using faulty = await openFaulty();
    await put(faulty.storage, small, create);
    faulty.proxy.fate = once("PUT", "lost");
    await expect(put(faulty.storage, Buffer.from("another"), create)).rejects.toMatchObject({ code: "already_exists" });
    expect(await read(faulty.storage)).toEqual(small);
  });

  test("a conditional replacement whose answer is lost succeeds", async () => {
    await using faulty = await openFaulty();
    const { version } = await put(faulty.storage, small, create);
    faulty.proxy.fate = once("PUT", "lost");
    const placement: Placement = { ...replace, ifVersion: [version.id] };
    expect(await put(faulty.storage, Buffer.from("another"), placement)).toMatchObject({ isNew: false });
    expect(await read(faulty.storage)).toEqual(Buffer.from("another"));
  });

  test("ends a read when its call ends", async () => {
    await using faulty = await openFaulty();
    await put(faulty.storage, large, create);
    const file = await faulty.storage.open(name);
    faulty.proxy.fate = () => "503";
    const ending = new AbortController();
    const reading = file.read(0, 1000, { signal: ending.signal });
    ending.abort(new Error("the call has ended"));
    await expect(reading).rejects.toThrow("the call has ended");
    await file.close();
  });

  test("is not reachable while it does not answer", async () => {
    await using faulty = await openFaulty();
    const { signal } = new AbortController();
    expect(await faulty.storage.isReachable(signal)).toBe(true);
    faulty.proxy.fate = () => "503";
    expect(await faulty.storage.isReachable(signal)).toBe(false);
  });
});

describe("a bucket that ignores conditions", () => {
  test("is read and not written", async () => {
    await using s3 = await startUnconditionalS3();
    Object.assign(process.env, s3Environment);
    s3.objects.set("/bucket/a/b", small);
    const warnings: string[] = [];
    const log = { info: () => {}, warn: (_: object, message: string) => void warnings.push(message) };
    const storage = await openBucketStorage({ url: "s3://bucket", endpoint: s3.endpoint, log });
    const refusal = {
      code: "unimplemented",
      message: expect.stringContaining("does not honour conditional") as string,
    };
    await expect(storage.create(create)).rejects.toMatchObject(refusal);
    await expect(storage.assertPlaceable(replace)).rejects.toMatchObject(refusal);
    await expect(storage.drop(name)).rejects.toMatchObject(refusal);
    expect(await read(storage)).toEqual(small);
    expect(warnings).toEqual([expect.stringContaining("can only be read")]);
    expect([...s3.objects.keys()]).toEqual(["/bucket/a/b"]);
    await storage.close();
  });
});

describe("the requests to a bucket", () => {
  test("are few", async () => {
    await using faulty = await openFaulty();
    const { storage, proxy } = faulty;
    await storage.assertPlaceable(create);
    await put(storage, small, create);
    expect(proxy.take()).toEqual(["PUT"]);
    await storage.assertPlaceable(replace);
    await put(storage, small, replace);
    expect(proxy.take()).toEqual(["PUT"]);
    await put(storage, small, { name: parseDatasetName("new"), mode: "replace" });
    expect(proxy.take()).toEqual(["PUT"]);
    await read(storage);
    expect(proxy.take()).toEqual(["GET"]);
    await storage.stat(name);
    expect(proxy.take()).toEqual(["HEAD"]);
    await put(storage, large, replace);
    const [start, ...following] = proxy.take();
    expect(start).toBe("POST uploads");
    expect(following.toSorted()).toEqual(["POST uploadId", ...Array<string>(3).fill("PUT partNumber")]);
    await read(storage);
    expect(proxy.take()).toEqual(["GET", "GET"]);
    for (let i = 0; i < 3; i++) await Array.fromAsync(storage.list({ after: "" }));
    expect(proxy.take()).toEqual(["GET list-type"]);
    await storage.drop(name);
    expect(proxy.take()).toEqual(["HEAD", "DELETE"]);
  });

  test("are one more for a dataset of another server, of which this one does not know", async () => {
    await using faulty = await openFaulty();
    const { storage, proxy, place } = faulty;
    const other = await openBucketStorage(place);
    await put(other, small, replace);
    expect(await put(storage, Buffer.from("another"), replace)).toMatchObject({ isNew: false });
    expect(proxy.take()).toEqual(["PUT", "PUT"]);
    const unseen: Placement = { name: parseDatasetName("unseen"), mode: "replace" };
    await put(other, small, unseen);
    expect(await put(storage, large, unseen)).toMatchObject({ isNew: false });
    expect(proxy.take().filter((request) => request === "HEAD")).toHaveLength(1);
    await put(other, small, { name: parseDatasetName("taken"), mode: "create" });
    const taken = put(storage, large, { name: parseDatasetName("taken"), mode: "create" });
    await expect(taken).rejects.toMatchObject({ code: "already_exists" });
    expect(proxy.take()).toEqual(["HEAD"]);
    await other.close();
  });

  test("are as few for a store", async () => {
    await using faulty = await openFaulty();
    const { storage, proxy } = faulty;
    await using pool = new AsyncDisposableStack();
    const workers = pool.adopt(new ParquetPool({ workerCount: 1 }), (each) => each.close());
    const store = createDatasetStore({ storage, pool: workers });
    await putTable(store, ["a"], createTable(1));
    expect(proxy.take()).toEqual(["PUT"]);
    await get(store, "a");
    expect(proxy.take()).toEqual(["GET"]);
    await store.getDataset(createTestContext(), "a");
    expect(proxy.take()).toEqual(["HEAD"]);
    await putTable(store, ["b"], createTable(2));
    await store.getDataset(createTestContext(), "b");
    proxy.take();
    for (let i = 0; i < 3; i++) expect(await list(store)).toEqual(["a", "b"]);
    // Own puts are known, so that no footer is read.
    expect(proxy.take()).toEqual(["GET list-type"]);
  });

  test("leave no parts of an upload that is discarded, and a sweep removes those of a killed server", async () => {
    const place = buckets.createPlace()();
    const storage = await openBucketStorage(place);
    const [discarded, lost] = [await storage.create(create), await storage.create(create)];
    for (const upload of [discarded, lost]) await upload.append(large);
    expect(await buckets.countUploads()).toBe(2);
    await discarded.discard();
    expect(await buckets.countUploads()).toBe(1);
    const objects = await connectBucket(parseBucketUrl(place.url), place);
    expect(await sweepUploads(objects, new Date(Date.now() - 3_600_000))).toBe(0);
    expect(await sweepUploads(objects, new Date(Date.now() + 60_000))).toBe(1);
    expect(await buckets.countUploads()).toBe(0);
    await expect(lost.commit()).rejects.toMatchObject({ code: "aborted" });
    objects.s3.destroy();
    await storage.close();
  });

  test("read what other programs write, byte for byte", async () => {
    const place = buckets.createPlace()();
    const storage = await openBucketStorage(place);
    const s3 = new S3({ endpoint: place.endpoint, region: "us-east-1", forcePathStyle: true });
    const { bucket: Bucket, keyPrefix } = parseBucketUrl(place.url);
    for (const Body of [large, small, Buffer.alloc(0)]) {
      await s3.putObject({ Bucket, Key: `${keyPrefix}${name}`, Body });
      expect((await read(storage)).equals(Body)).toBe(true);
    }
    s3.destroy();
    await storage.close();
  });
});
