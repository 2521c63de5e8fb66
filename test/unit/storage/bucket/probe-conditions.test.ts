import { expect, test } from "vitest";
import type { Objects } from "../../../../src/storage/bucket/objects.ts";
import { probeConditions } from "../../../../src/storage/bucket/probe-conditions.ts";

const errorOf = (name: string, status: number): Error =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });

/** A bucket that honours conditions, and refuses the first puts as if a folder had the object's name. */
function createBucket(blockedCount: number): { objects: Objects; keys: Set<string> } {
  const [stored, keys] = [new Set<string>(), new Set<string>()];
  let left = blockedCount;
  const s3 = {
    async putObject({ Key, IfMatch }: { Key: string; IfMatch?: string }) {
      keys.add(Key);
      if (left-- > 0) throw errorOf("ExistingObjectIsDirectory", 409);
      if (stored.has(Key) || IfMatch !== undefined) throw errorOf("PreconditionFailed", 412);
      stored.add(Key);
    },
    deleteObject: ({ Key }: { Key: string }) => Promise.resolve(stored.delete(Key)),
  };
  return { objects: { s3, location: { bucket: "b", keyPrefix: "" } } as unknown as Objects, keys };
}

test("a put that is refused while the folder of its object is deleted is tried again under another name", async () => {
  const { objects, keys } = createBucket(1);
  expect(await probeConditions(objects)).toBeUndefined();
  expect(keys.size).toBe(2);
});

test("a bucket that refuses every put is told at last", async () => {
  await expect(probeConditions(createBucket(Infinity).objects)).rejects.toMatchObject({ code: "failed_precondition" });
});
