import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";

/** One version of one file, as the system tells versions apart. */
export interface FileVersion {
  /** Equal for equal bytes as far as the system can tell: device, inode, size, and both times in nanoseconds. */
  readonly key: string;
  readonly ino: bigint;
  readonly byteLength: bigint;
  readonly mtimeNs: bigint;
  /** When the bytes were last written. */
  readonly changed: Date;
}

/** Takes the version out of a file's status. */
export function toFileVersion(stats: BigIntStats): FileVersion {
  const { dev, ino, size, mtimeNs, ctimeNs, mtime } = stats;
  return { key: [dev, ino, size, mtimeNs, ctimeNs].join(":"), ino, byteLength: size, mtimeNs, changed: mtime };
}

/** A version's key for those who may not know what it is made of: 32 hexadecimal digits. */
export function generationOf({ key }: FileVersion): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 32);
}

/**
 * A version as its entity tag says it. Other than in a generation its ctime does not count, which changes when a file
 * that was created by a link loses its temporary name: the tag that a put is answered with is that of later reads.
 */
export function tagOf({ ino, byteLength, mtimeNs }: FileVersion): string {
  return createHash("sha256").update([ino, byteLength, mtimeNs].join(":")).digest("hex").slice(0, 32);
}

/**
 * Whether an open file still has the bytes that it had. Its ctime does not count: that also changes when the
 * name is dropped or given to another file, which leaves the bytes alone.
 */
export function hasSameBytes(before: FileVersion, now: FileVersion): boolean {
  return before.byteLength === now.byteLength && before.mtimeNs === now.mtimeNs;
}
