import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import type { FileVersion } from "../storage.ts";

/**
 * The version of a file in a folder. Its id is a hash of device, inode, size and both times in nanoseconds, so that
 * nobody learns these from it.
 */
export function toFileVersion({ dev, ino, size, mtimeNs, ctimeNs, mtime }: BigIntStats): FileVersion {
  const id = createHash("sha256").update([dev, ino, size, mtimeNs, ctimeNs].join(":")).digest("hex").slice(0, 32);
  return { id, byteLength: Number(size), changed: mtime };
}

/**
 * Whether an open file still has the bytes that it had. The ctime does not count: it also changes when the
 * name is dropped or given to another file, which leaves the bytes alone.
 */
export function hasSameBytes(before: BigIntStats, now: BigIntStats): boolean {
  return before.size === now.size && before.mtimeNs === now.mtimeNs;
}
