import { isDatasetName } from "../../dataset/index.ts";
import type { ListedFile, ListOptions } from "../storage.ts";
import type { LeftOutLog } from "../left-out-log.ts";
import { toVersion } from "./object-version.ts";
import type { Objects } from "./objects.ts";
import { repeat } from "./repeat.ts";
import { toBucketError } from "./s3-error.ts";

/** Lists the objects that have names of datasets, in the order of their bytes: a request for each 1,000 of them. */
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

/** Hidden objects, and the marks of folders that other programs make. */
function isHidden(name: string): boolean {
  return name === "" || name.endsWith("/") || name.split("/").some((segment) => segment.startsWith("."));
}
