import { probePrefix } from "./probe-conditions.ts";
import type { Objects } from "./objects.ts";
import { repeat } from "./repeat.ts";
import { isUploadGone } from "./s3-error.ts";

/**
 * Removes old multipart uploads below the prefix, and old test objects of killed servers. It also removes other
 * programs' uploads below the prefix.
 *
 * @param before - uploads that started before this time are removed
 * @returns the number of removed uploads
 */
export async function sweepUploads(objects: Objects, before: Date): Promise<number> {
  let removedCount = 0;
  for await (const upload of listUploads(objects)) {
    if (upload.Initiated === undefined || upload.Initiated > before) continue;
    const { Key, UploadId } = upload;
    try {
      await repeat(() => objects.s3.abortMultipartUpload({ Bucket: objects.location.bucket, Key, UploadId }));
      removedCount += 1;
    } catch (reason) {
      // Another server sweeps at the same time.
      if (!isUploadGone(reason)) throw reason;
    }
  }
  await removeProbes(objects, before);
  return removedCount;
}

/** Lists the uploads below the prefix. MinIO lists none for a prefix that is not a whole key, so all are requested. */
async function* listUploads({ s3, location }: Objects) {
  let markers = {};
  for (;;) {
    const page = await repeat(() => s3.listMultipartUploads({ Bucket: location.bucket, ...markers }));
    yield* (page.Uploads ?? []).filter(({ Key = "" }) => Key.startsWith(location.keyPrefix));
    if (!page.IsTruncated) return;
    markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}

async function removeProbes({ s3, location }: Objects, before: Date): Promise<void> {
  const Prefix = location.keyPrefix + probePrefix;
  const { Contents = [] } = await repeat(() => s3.listObjectsV2({ Bucket: location.bucket, Prefix }));
  for (const { Key, LastModified } of Contents) {
    if (LastModified === undefined || LastModified > before) continue;
    await repeat(() => s3.deleteObject({ Bucket: location.bucket, Key }));
  }
}
