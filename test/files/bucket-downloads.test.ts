import { S3 } from "@aws-sdk/client-s3";
import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { Random } from "../limits/random.ts";
import { useBuckets } from "../support/buckets.ts";
import { startS3Proxy, type S3Proxy } from "../support/s3-proxy.ts";
import { startHangar, type TestServer } from "../support/server.ts";

const buckets = useBuckets();

test("with --redirect-downloads, the bucket sends whole files, and the server all else", async () => {
  const { url, endpoint } = buckets.createPlace()();
  await using server = await startHangar("--repo", url, "--s3-endpoint", endpoint, "--redirect-downloads");
  const client = connect(server.location);
  await client.put("sales/2026", tableFromArrays({ n: Int32Array.from({ length: 10_000 }, (_, i) => i) }));
  client.close();
  const file = `${server.url}/datasets/sales/2026`;
  const redirected = await fetch(file, { redirect: "manual" });
  expect([redirected.status, redirected.headers.get("cache-control"), redirected.headers.get("etag")]).toEqual([
    307,
    "no-store",
    null,
  ]);
  const target = redirected.headers.get("location")!;
  expect(target.startsWith(`${endpoint}/`)).toBe(true);
  const followed = await fetch(file);
  expect(followed.url).toBe(target.replace(/X-Amz-.*/, "") + followed.url.replace(/.*?(?=X-Amz-)/, ""));
  expect(followed.headers.get("content-disposition")).toContain('filename="2026.parquet"');
  const bytes = Buffer.from(await followed.bytes());
  expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(["PAR1", "PAR1"]);
  const tail = await fetch(file, { headers: { range: "bytes=-4" } });
  expect([tail.status, await tail.text()]).toEqual([206, "PAR1"]);
  for (const [path, init] of [
    [file, { method: "HEAD" }],
    [`${file}?format=csv`, {}],
    [`${file}?limit=3`, {}],
  ] as const) {
    expect((await fetch(path, { ...init, redirect: "manual" })).status).toBe(200);
  }
  expect((await fetch(`${server.url}/datasets/missing`, { redirect: "manual" })).status).toBe(404);
  const { etag } = Object.fromEntries((await fetch(file, { method: "HEAD" })).headers);
  expect((await fetch(file, { headers: { "if-none-match": etag! }, redirect: "manual" })).status).toBe(304);
});

describe("a download whose dataset another program replaces", () => {
  const stack = new AsyncDisposableStack();
  let server: TestServer;
  let proxy: S3Proxy;
  let copy: (from: string) => Promise<unknown>;

  beforeAll(async () => {
    const { url, endpoint } = buckets.createPlace()();
    proxy = stack.use(await startS3Proxy(endpoint));
    server = stack.use(await startHangar("--repo", url, "--s3-endpoint", proxy.endpoint));
    const client = connect(server.location);
    for (const [i, name] of ["old", "new"].entries()) {
      const random = new Random(i + 1);
      const n = Int32Array.from({ length: 1_500_000 }, () => (random.next() * 2 ** 32) | 0);
      await client.put(name, tableFromArrays({ n }));
    }
    client.close();
    const s3 = stack.adopt(new S3({ endpoint, region: "us-east-1", forcePathStyle: true }), (each) => each.destroy());
    const [Bucket = "", prefix] = url.slice("s3://".length).split("/");
    copy = (from) => s3.copyObject({ Bucket, Key: `${prefix}/dataset`, CopySource: `${Bucket}/${prefix}/${from}` });
  });

  afterAll(async () => await stack.disposeAsync());

  beforeEach(async () => {
    proxy.fate = () => undefined;
    await copy("old");
  });

  /** Replaces the dataset before the n-th GET request for its bytes. The first one gets the end of the file. */
  function replaceBefore(requestNumber: number): void {
    let count = 0;
    proxy.fate = async (request) => {
      if (request === "GET" && ++count === requestNumber) await copy("new");
      return undefined;
    };
  }

  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.url}/datasets/${path}`, { headers });

  test.each([
    ["as a file", "", {}],
    ["as a range of the file", "", { range: "bytes=1000-2999" }],
    ["as CSV", "?format=csv&limit=1000", {}],
    ["as an Arrow stream", "?format=arrow&limit=1000", {}],
  ] as const)("is of the new version if nothing was sent, %s", async (_format, query, headers) => {
    const expected = await get(`new${query}`, headers);
    const expectedBytes = await expected.bytes();
    replaceBefore(2);
    const answer = await get(`dataset${query}`, headers);
    expect([answer.status, answer.headers.get("etag")]).toEqual([expected.status, expected.headers.get("etag")]);
    expect(Buffer.compare(await answer.bytes(), expectedBytes)).toBe(0);
  });

  test("is refused if it was of the old version by its condition", async () => {
    const old = (await get("old")).headers.get("etag")!;
    replaceBefore(2);
    expect((await get("dataset", { "if-match": old })).status).toBe(412);
  });

  test("breaks off if bytes of the old version were sent", async () => {
    replaceBefore(4);
    const answer = await get("dataset");
    expect(answer.status).toBe(200);
    await expect(answer.bytes()).rejects.toThrow("terminated");
    expect((await get("dataset")).headers.get("etag")).toBe((await get("new")).headers.get("etag"));
  });
});
