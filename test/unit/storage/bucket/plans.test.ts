import { describe, expect, test } from "vitest";
import { parseBucketUrl } from "../../../../src/storage/bucket/bucket-location.ts";
import { partBytesMax, partCountMax } from "../../../../src/storage/bucket/limits.ts";
import { partBytesOf } from "../../../../src/storage/bucket/multipart-upload.ts";
import { PartRoom } from "../../../../src/storage/bucket/part-room.ts";

const mebi = 1024 * 1024;

describe("the URL of a place in a bucket", () => {
  test.each([
    ["s3://flights", "flights", ""],
    ["s3://flights/", "flights", ""],
    ["s3://my.flights-2/a/b", "my.flights-2", "a/b/"],
    ["s3://flights/a/", "flights", "a/"],
  ])("%s", (url, bucket, keyPrefix) => expect(parseBucketUrl(url)).toEqual({ bucket, keyPrefix }));

  test.each([
    "s3://",
    "s3:///a",
    "s3://A",
    "s3://flights/a//b",
    "s3://flights/../a",
    "s3://flights/\u0001",
    "http://a/b",
  ])("refuses %j", (url) =>
    expect(() => parseBucketUrl(url)).toThrow(expect.objectContaining({ code: "invalid_argument" })),
  );
});

test("parts grow, so that 10,000 of them are a large object", () => {
  expect([1, 1000, 1001, 2001, 3001, 10_000].map((number) => partBytesOf(number) / mebi)).toEqual([
    8, 8, 16, 32, 64, 64,
  ]);
  const sizes = Array.from({ length: partCountMax }, (_, i) => partBytesOf(i + 1));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(480 * 1024 * mebi);
  expect(Math.max(...sizes)).toBe(partBytesMax);
});

test("a room lets in as many as it has places for, in order, also after failures", async () => {
  const room = new PartRoom(2);
  const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const started: number[] = [];
  const running = gates.map(({ promise }, i) =>
    room.run(async () => {
      started.push(i);
      await promise;
    }),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  gates[1]!.reject(new Error("failed"));
  await expect(running[1]).rejects.toThrow("failed");
  await new Promise(setImmediate);
  expect(started).toEqual([0, 1, 2]);
  for (const { resolve } of gates) resolve();
  await Promise.all([running[0], running[2], running[3]]);
  expect(started).toEqual([0, 1, 2, 3]);
});
