import { hash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import type { FileVersion } from "../storage.ts";

/**
 * Returns the version of a file in a folder. Its id is a hash of device, inode, size and both times in nanoseconds,
 * which hides these values.
 */
export function toFileVersion({ dev, ino, size, mtimeNs, ctimeNs, mtime }: BigIntStats): FileVersion {
  const id = hash("sha256", [dev, ino, size, mtimeNs, ctimeNs].join(":")).slice(0, 32);
  return { id, byteLength: Number(size), changed: mtime };
}

/**
 * Whether an open file still has the same bytes. The ctime is ignored, because it also changes if the name is removed
 * or replaced.
 */
export function hasSameBytes(before: BigIntStats, now: BigIntStats): boolean {
  return before.size === now.size && before.mtimeNs === now.mtimeNs;
}
