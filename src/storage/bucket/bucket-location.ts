import { FlightError } from "../../flight/index.ts";

/** The place of datasets in a bucket. */
export interface BucketLocation {
  /** The name of the bucket. */
  readonly bucket: string;
  /** The part of a key before the dataset's name: empty, or a path that ends with a slash. */
  readonly keyPrefix: string;
}

/** Returns whether a text is an S3 URL. */
export function isBucketUrl(text: string): boolean {
  return text.startsWith("s3://");
}

/**
 * Parses `s3://bucket` or `s3://bucket/prefix`.
 *
 * @throws FlightError INVALID_ARGUMENT
 */
export function parseBucketUrl(url: string): BucketLocation {
  const [, bucket, path = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(url) ?? [];
  if (bucket === undefined) throw invalid(`${url} is not of the form s3://bucket or s3://bucket/prefix`);
  const prefix = path.replace(/\/$/, "");
  const isPath = prefix === "" || prefix.split("/").every((segment) => !["", ".", ".."].includes(segment));
  if (!isPath || /\p{Cc}/u.test(prefix))
    throw invalid(`the prefix of ${url} has an empty segment, a dot or a control character`);
  return { bucket, keyPrefix: prefix === "" ? "" : `${prefix}/` };
}

function invalid(words: string): FlightError {
  return new FlightError("invalid_argument", words);
}
