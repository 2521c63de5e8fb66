import { randomUUID } from "node:crypto";
import type { SideObjects } from "../storage.ts";
import { sideBytesMax } from "./limits.ts";
import type { Objects } from "./objects.ts";
import { readBody } from "./read-body.ts";
import { repeat } from "./repeat.ts";
import { isMissing, toBucketError } from "./s3-error.ts";

/** The hidden prefix of the objects. */
const sidePrefix = ".hangar/catalog/";

/** Returns the objects below a hidden prefix. All errors are FlightErrors. */
export function createSideObjects({ s3, location }: Objects): SideObjects {
  const { bucket: Bucket, keyPrefix } = location;
  const Prefix = `${keyPrefix}${sidePrefix}`;
  const objectOf = (id: string): { Bucket: string; Key: string } => ({ Bucket, Key: Prefix + id });
  return {
    async list() {
      const ids: string[] = [];
      let page = await request(() => s3.listObjectsV2({ Bucket, Prefix }));
      for (;;) {
        for (const { Key = "" } of page.Contents ?? []) ids.push(Key.slice(Prefix.length));
        const { NextContinuationToken: ContinuationToken } = page;
        if (!page.IsTruncated) return ids;
        page = await request(() => s3.listObjectsV2({ Bucket, Prefix, ContinuationToken }));
      }
    },
    async read(id) {
      return await request(async () => {
        const { Body, ContentLength = 0 } = await s3.getObject(objectOf(id));
        const bytes = new Uint8Array(Math.min(ContentLength, sideBytesMax));
        return bytes.subarray(0, await readBody(Body, bytes));
      }).catch((reason: unknown) => {
        if (reason instanceof Error && isMissing(reason.cause)) return undefined;
        throw reason;
      });
    },
    async write(Body) {
      const id = randomUUID();
      await request(() => s3.putObject({ ...objectOf(id), Body }));
      return id;
    },
    async remove(id) {
      await request(() => s3.deleteObject(objectOf(id)));
    },
  };
}

async function request<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await repeat(send);
  } catch (reason) {
    throw toBucketError(reason);
  }
}
