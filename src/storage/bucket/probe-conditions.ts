import { randomUUID } from "node:crypto";
import { FlightError } from "../../flight/index.ts";
import type { Objects } from "./objects.ts";
import { repeat } from "./repeat.ts";
import { isBlocked, isConditionFailure, statusOf, toBucketError } from "./s3-error.ts";

/** The hidden prefix of test objects. The sweep also removes old ones. */
export const probePrefix = ".hangar/probes/";

/**
 * How often the test is made. S3 servers over a file system delete the folder of the last object in it. An object that
 * is put at the same time is then refused, as if a folder had its name.
 */
const attemptCount = 5;

/**
 * Tests whether a bucket honours conditional writes. Of two concurrent creates, one must fail. A write for another
 * version must fail, too.
 *
 * @returns the reason why nothing may be written; undefined if writes are possible
 * @throws FlightError UNAVAILABLE if the bucket does not answer
 */
export async function probeConditions(objects: Objects): Promise<FlightError | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await probeOnce(objects);
    } catch (reason) {
      if (!isBlocked(reason) || attempt === attemptCount) throw toBucketError(reason);
    }
  }
}

/** @throws what the bucket answers */
async function probeOnce({ s3, location }: Objects): Promise<FlightError | undefined> {
  const key = { Bucket: location.bucket, Key: `${location.keyPrefix}${probePrefix}${randomUUID()}` };
  const isWritten = (attempt: () => Promise<unknown>): Promise<boolean> =>
    repeat(attempt).then(
      () => true,
      (reason: unknown) => {
        if (isConditionFailure(reason)) return false;
        throw reason;
      },
    );
  const create = (Body: string) => isWritten(() => s3.putObject({ ...key, Body, IfNoneMatch: "*" }));
  try {
    const outcomes = await Promise.all([create("1"), create("2")]);
    const isStaleWritten = await isWritten(() => s3.putObject({ ...key, Body: "3", IfMatch: '"0123456789abcdef"' }));
    if (outcomes.includes(true) && outcomes.includes(false) && !isStaleWritten) return undefined;
    return new FlightError(
      "unimplemented",
      "the server's bucket does not honour conditional writes, so that it is read-only",
    );
  } catch (reason) {
    if ([401, 403].includes(statusOf(reason) ?? 0)) {
      return new FlightError("permission_denied", "the server has no permission to write to its bucket", {
        cause: reason,
      });
    }
    if (statusOf(reason) === 501) {
      const words = "the server's bucket does not know conditional writes, so that it is read-only";
      return new FlightError("unimplemented", words, { cause: reason });
    }
    throw reason;
  } finally {
    await s3.deleteObject(key).catch(() => {});
  }
}
