const explanations: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of its path is not a folder",
  EISDIR: "it is a folder, not a file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
};

/**
 * Returns an error of the file system as a sentence about a path that the user has given; other errors as they are. A
 * temporary file's name stays in the cause.
 *
 * @param own - explanations by the error's code that are more exact than the usual ones
 */
export function toFileError(reason: unknown, path: string, own: Readonly<Record<string, string>> = {}): unknown {
  if (!(reason instanceof Error && "code" in reason && "syscall" in reason)) return reason;
  return new Error(`${path}: ${explainFileError(reason, own)}`, { cause: reason });
}

/**
 * Returns what an error of the file system means, with its code.
 *
 * @param own - as for `toFileError`
 */
export function explainFileError(reason: unknown, own: Readonly<Record<string, string>> = {}): string {
  const code = reason instanceof Error && "code" in reason ? String(reason.code) : "";
  return `${own[code] ?? explanations[code] ?? "the file cannot be used"}${code === "" ? "" : ` (${code})`}`;
}
