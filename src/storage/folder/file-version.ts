import { hash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import type { FileVersion } from "../storage.ts";

/**
 * Returns the version of a file in a folder. Its id is a hash of device, inode, size and both times in nanoseconds,
 * which hides these values.
 */
export function toFileVersion({ dev, ino, size, mtimeNs, ctimeNs, mtime }: BigIntStats): FileVersion {
  const id = hash("sha256", [dev, ino, size, mtimeNs, ctimeNs].join(":")).slice(0, 32);
  return { id, bytesId: `${size}-${mtimeNs}`, byteLength: Number(size), changed: mtime };
}

/**
 * Whether an open file still has the same bytes. The ctime is ignored, because it also changes if the name is removed
 * or replaced.
 */
export function hasSameBytes(before: BigIntStats, now: BigIntStats): boolean {
  return before.size === now.size && before.mtimeNs === now.mtimeNs;
}

/** The maximum number of known versions: one takes about 400 bytes. */
const knownCountMax = 16_384;

type Identity = Pick<BigIntStats, "dev" | "ino" | "size" | "mtimeNs" | "ctimeNs">;

/** The versions of files. The hash of a file that has not changed is not computed for each call. */
export class KnownVersions {
  readonly #known = new Map<string, { readonly identity: Identity; readonly version: FileVersion }>();

  /** Returns the version of a file. @param name - where the file is */
  of(name: string, stats: BigIntStats): FileVersion {
    const known = this.#known.get(name);
    if (known !== undefined && isSame(known.identity, stats)) return known.version;
    const version = toFileVersion(stats);
    const { dev, ino, size, mtimeNs, ctimeNs } = stats;
    if (this.#known.size >= knownCountMax) this.#known.clear();
    this.#known.set(name, { identity: { dev, ino, size, mtimeNs, ctimeNs }, version });
    return version;
  }
}

function isSame(a: Identity, b: Identity): boolean {
  return a.ino === b.ino && a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.size === b.size && a.dev === b.dev;
}
