import { statfs } from "node:fs/promises";

/**
 * The file systems of a machine's own disks and memory, as Linux numbers them. They answer for the status of a file
 * within microseconds, mostly from memory. Source: linux/magic.h, statfs(2).
 */
const localTypes: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // Btrfs
  0xf2f52010, // F2FS
  0x2fc12fc1, // ZFS
  0x01021994, // tmpfs
  0x794c7630, // overlayfs, of containers
]);

/** Returns whether a folder is on such a file system. A network may take seconds for each answer. */
export async function isOnLocalFileSystem(folder: string): Promise<boolean> {
  if (process.platform !== "linux") return false;
  try {
    return localTypes.has((await statfs(folder)).type >>> 0);
  } catch {
    return false;
  }
}
