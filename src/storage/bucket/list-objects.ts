import { isDatasetName } from "../../dataset/index.ts";
import type { ListedFile, ListOptions } from "../storage.ts";
import type { LeftOutLog } from "../left-out-log.ts";
import { toVersion } from "./object-version.ts";
import type { Objects } from "./objects.ts";
import { repeat } from "./repeat.ts";
import { toBucketError } from "./s3-error.ts";

/**
 * Lists the objects with valid dataset names, in the order of their bytes. It sends a request for each 1,000 objects.
 */
export async function* listObjects(
  { s3, location }: Objects,
  { prefix = "", after }: ListOptions,
  leftOut: LeftOutLog,
): AsyncGenerator<ListedFile, void, undefined> {
  const { bucket, keyPrefix } = location;
  const wanted = {
    Bucket: bucket,
    Prefix: keyPrefix + prefix,
    ...(after !== "" && { StartAfter: keyPrefix + after }),
  };
  let token: string | undefined;
  do {
    const page = await listPage(s3, { ...wanted, ...(token !== undefined && { ContinuationToken: token }) });
    for (const { Key = "", Size = 0, ...status } of page.Contents ?? []) {
      const name = Key.slice(keyPrefix.length);
      if (isDatasetName(name)) yield { name, ...(status.ETag && { version: toVersion(status, Size) }) };
      else if (!isHidden(name)) leftOut.report(name, "its key cannot be the name of a dataset");
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

async function listPage(s3: Objects["s3"], wanted: Parameters<Objects["s3"]["listObjectsV2"]>[0]) {
  try {
    return await repeat(() => s3.listObjectsV2(wanted));
  } catch (reason) {
    throw toBucketError(reason);
  }
}

/** Returns whether an object is hidden, or marks a folder of another program. */
function isHidden(name: string): boolean {
  return name === "" || name.endsWith("/") || name.split("/").some((segment) => segment.startsWith("."));
}
