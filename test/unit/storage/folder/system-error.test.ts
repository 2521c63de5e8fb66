import { expect, test } from "vitest";
import { FlightError } from "../../../../src/flight/index.ts";
import { toStorageError, type StorageOperation } from "../../../../src/storage/folder/system-error.ts";

/** An error as the file system throws it, with a path in its message. */
function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: something, open '/srv/secret/folder/a'`), { code });
}

test.each<[string, StorageOperation, string]>([
  ["ENOENT", "read", "not_found"],
  ["ELOOP", "read", "not_found"],
  ["ENOTDIR", "drop", "not_found"],
  ["ENOENT", "put", "aborted"],
  ["ENOTDIR", "put", "failed_precondition"],
  ["EISDIR", "put", "failed_precondition"],
  ["ENOSPC", "put", "resource_exhausted"],
  ["EDQUOT", "put", "resource_exhausted"],
  ["EFBIG", "put", "resource_exhausted"],
  ["EROFS", "put", "permission_denied"],
  ["EACCES", "read", "permission_denied"],
  ["EPERM", "drop", "permission_denied"],
  ["EMFILE", "read", "unavailable"],
  ["ENAMETOOLONG", "put", "invalid_argument"],
  ["EXDEV", "put", "failed_precondition"],
  ["EIO", "read", "unavailable"],
  ["EIO", "put", "unavailable"],
  ["ESTALE", "read", "unavailable"],
  ["ETIMEDOUT", "drop", "unavailable"],
  ["ENOMEM", "read", "unavailable"],
  ["ENOTCONN", "read", "unavailable"],
  ["EBADF", "read", "internal"],
])("%s in a %s is %s, without a path", (errno, operation, code) => {
  const error = toStorageError(diskError(errno), operation) as FlightError;
  expect(error.code).toBe(code);
  expect(error.message).not.toContain("secret");
});

test("an error of the peer's stream is left to the server", () => {
  const reason = new Error("the socket was closed");
  expect(toStorageError(reason, "put")).toBe(reason);
});
