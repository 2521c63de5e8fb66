import type { DatasetName } from "../../dataset/index.ts";
import type { DownloadHeaders } from "../storage.ts";
import { downloadSecondsMax } from "./limits.ts";
import { objectOf, type Objects } from "./objects.ts";

/** Creates a presigned URL of the current version of an object. The client needs no credentials of the bucket. */
export async function createDownloadUrl(
  objects: Objects,
  name: DatasetName,
  { contentType, contentDisposition }: DownloadHeaders,
): Promise<string> {
  const [{ GetObjectCommand }, { getSignedUrl }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("@aws-sdk/s3-request-presigner"),
  ]);
  const command = new GetObjectCommand({
    ...objectOf(objects, name),
    ResponseContentType: contentType,
    ResponseContentDisposition: contentDisposition,
  });
  return await getSignedUrl(objects.s3, command, { expiresIn: downloadSecondsMax });
}
