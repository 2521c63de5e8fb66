import { FlightError, type FlightErrorCode } from "../../flight/index.ts";

/** Returns the HTTP status of an error of the S3 client; undefined if the bucket did not answer. */
export function statusOf(reason: unknown): number | undefined {
  if (!(reason instanceof Error) || !("$metadata" in reason)) return undefined;
  return (reason.$metadata as { httpStatusCode?: number }).httpStatusCode;
}

/** S3's names of temporary errors that do not have a 5xx status. */
const passingNames = new Set([
  "ConditionalRequestConflict",
  "OperationAborted",
  "RequestTimeout",
  "RequestTimeTooSkewed",
  "SlowDown",
  "Throttling",
  "TooManyRequests",
]);

/** Returns whether the same request may succeed later: the bucket is throttled, restarts, or cannot be reached. */
export function mayPass(reason: unknown): boolean {
  if (!(reason instanceof Error) || reason instanceof FlightError || reason.name === "AbortError") return false;
  if (passingNames.has(reason.name)) return true;
  const status = statusOf(reason);
  if (status !== undefined && status >= 300)
    return status === 429 || (status >= 500 && status !== 501 && status !== 507);
  // The answer was truncated or did not arrive.
  return reason.name === "TimeoutError" || "code" in reason || status !== undefined;
}

/** Returns whether a condition of the request was not met. */
export function isConditionFailure(reason: unknown): boolean {
  return statusOf(reason) === 412;
}

/** Returns whether the object does not exist. */
export function isMissing(reason: unknown): boolean {
  return statusOf(reason) === 404 && !["NoSuchBucket", "NoSuchUpload"].includes((reason as Error).name);
}

/** Returns whether the multipart upload, or a part of it, does not exist any more: it was completed or removed. */
export function isUploadGone(reason: unknown): boolean {
  return statusOf(reason) !== undefined && ["NoSuchUpload", "InvalidPart"].includes((reason as Error).name);
}

/** Error names of gateways that store objects in folders, so that `a` and `a/b` cannot both exist. */
const blockedNames = new Set(["ObjectParentIsFile", "ExistingObjectIsDirectory"]);

/** Returns whether an object cannot be stored because another one has its name as a folder, or one of its folders. */
export function isBlocked(reason: unknown): boolean {
  return reason instanceof Error && blockedNames.has(reason.name);
}

/**
 * Translates an error of the S3 client for a caller, without names of hosts and buckets. Other errors are returned as
 * they are.
 */
export function toBucketError(reason: unknown): unknown {
  if (!(reason instanceof Error) || reason instanceof FlightError || reason.name === "AbortError") return reason;
  const status = statusOf(reason);
  if (status === undefined && !mayPass(reason) && reason.name !== "CredentialsProviderError") return reason;
  const [code, words] = meaningOf(reason, status);
  return new FlightError(code, words, { cause: reason });
}

function meaningOf(reason: Error, status: number | undefined): [FlightErrorCode, string] {
  if (isBlocked(reason)) {
    return [
      "failed_precondition",
      "it cannot be put: another dataset has its name as a folder, or the name of one of its folders",
    ];
  }
  if (reason.name === "NoSuchBucket") return ["unavailable", "the server's bucket does not exist"];
  if (isUploadGone(reason)) return ["aborted", "its parts were removed from the server's bucket during the upload"];
  if (reason.name === "KeyTooLongError") return ["invalid_argument", "the name is too long for the server's bucket"];
  if (reason.name === "CredentialsProviderError")
    return ["permission_denied", "the server has no credentials for its bucket"];
  if (reason.name === "QuotaExceeded" || status === 507) return ["resource_exhausted", "the server's bucket is full"];
  if (mayPass(reason)) return ["unavailable", "the server's bucket does not respond; try again"];
  if (status === 401 || status === 403) return ["permission_denied", "the server has no permission on its bucket"];
  return ["internal", "the server's bucket refused a request"];
}
