import { afterEach, expect, test, vi } from "vitest";
import { parseBucketUrl } from "../../../../src/storage/bucket/bucket-location.ts";
import { connectBucket } from "../../../../src/storage/bucket/objects.ts";

afterEach(() => vi.unstubAllEnvs());

test("the handlers of equal requests are put together once", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "user");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  // No server listens there.
  const { s3 } = await connectBucket(parseBucketUrl("s3://bucket"), { endpoint: "http://127.0.0.1:1" });
  const concat = vi.spyOn(s3.middlewareStack, "concat");
  for (let i = 0; i < 3; i++) await s3.headObject({ Bucket: "bucket", Key: "a" }).catch(() => {});
  expect(concat).toHaveBeenCalledOnce();
  s3.destroy();
});
