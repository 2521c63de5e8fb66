import { tableFromArrays } from "apache-arrow";
import { expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { useBuckets } from "../support/buckets.ts";
import { startHangar } from "../support/server.ts";

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
