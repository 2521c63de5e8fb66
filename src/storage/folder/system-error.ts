import { FlightError, type FlightErrorCode } from "../../flight/index.ts";

/** The operation that failed. */
export type StorageOperation = "read" | "put" | "drop";

interface Meaning {
  readonly code: FlightErrorCode;
  readonly words: string;
}

const isMissing: Meaning = { code: "not_found", words: "there is no such dataset" };
const isFull: Meaning = { code: "resource_exhausted", words: "the server's disk is full" };
const isForbidden: Meaning = { code: "permission_denied", words: "the server has no permission on its disk" };
const isBusy: Meaning = { code: "unavailable", words: "the server has too many files open" };
const isBlocked: Meaning = {
  code: "failed_precondition",
  words: "another dataset or folder has its name, or the name of one of its folders",
};

const isPassing: Meaning = { code: "unavailable", words: "the server's disk failed; try again" };

/** The meaning of the system's error codes. Other codes become INTERNAL. */
const meanings: Readonly<Record<string, Meaning>> = {
  ENOENT: isMissing,
  ENOTDIR: isMissing,
  EISDIR: isMissing,
  // O_NOFOLLOW on a symbolic link.
  ELOOP: isMissing,
  // O_NOFOLLOW on a socket or a device without a driver.
  ENXIO: isMissing,
  EACCES: isForbidden,
  EPERM: isForbidden,
  EROFS: isForbidden,
  ENOSPC: isFull,
  EDQUOT: isFull,
  EFBIG: { code: "resource_exhausted", words: "the file is too large for the server's disk" },
  EMFILE: isBusy,
  ENFILE: isBusy,
  // Errors of a disk that is missing, busy or on a network. They say nothing about the bytes of the file.
  EIO: isPassing,
  EREMOTEIO: isPassing,
  ESTALE: isPassing,
  ETIMEDOUT: isPassing,
  ENOMEM: isPassing,
  ENOBUFS: isPassing,
  EAGAIN: isPassing,
  EINTR: isPassing,
  EBUSY: isPassing,
  ENOLCK: isPassing,
  ENODEV: isPassing,
  ENOTCONN: isPassing,
  ECONNREFUSED: isPassing,
  ECONNRESET: isPassing,
  ECONNABORTED: isPassing,
  EHOSTDOWN: isPassing,
  EHOSTUNREACH: isPassing,
  ENETDOWN: isPassing,
  ENETUNREACH: isPassing,
  ESHUTDOWN: isPassing,
  ENAMETOOLONG: { code: "invalid_argument", words: "the name is too long for the server's disk" },
  EXDEV: { code: "failed_precondition", words: "its folder is on another disk than the store" },
};

/** The meaning of the same codes if the rename of a put fails. */
const meaningsOfPut: Readonly<Record<string, Meaning>> = {
  ENOENT: { code: "aborted", words: "its folder was removed repeatedly during the put" },
  EISDIR: isBlocked,
  ENOTDIR: isBlocked,
  EEXIST: isBlocked,
  ENOTEMPTY: isBlocked,
  ELOOP: isBlocked,
};

/**
 * Translates an error of the file system for a caller, without the server's paths. An error that is not the
 * file system's is returned as it is.
 */
export function toStorageError(reason: unknown, operation: StorageOperation): unknown {
  const errno = errnoOf(reason);
  if (errno === undefined) return reason;
  const meaning = (operation === "put" ? meaningsOfPut[errno] : undefined) ?? meanings[errno];
  if (meaning === undefined) return new FlightError("internal", `the ${operation} failed`, { cause: reason });
  return new FlightError(meaning.code, meaning.words, { cause: reason });
}

/** Returns whether an error of the disk may be temporary, so that it says nothing about the content. */
export function mayPass(reason: unknown): boolean {
  return meanings[errnoOf(reason) ?? ""]?.code === "unavailable";
}

/** Returns the system's code of an error, such as `ENOENT`; undefined for other errors. */
export function errnoOf(reason: unknown): string | undefined {
  if (!(reason instanceof Error) || !("code" in reason) || typeof reason.code !== "string") return undefined;
  // Node's own errors have names such as ERR_STREAM_PREMATURE_CLOSE.
  return /^E[A-Z0-9]+$/.test(reason.code) ? reason.code : undefined;
}
