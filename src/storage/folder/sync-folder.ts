import { constants } from "node:fs";
import type { Disk, OpenFile } from "./disk.ts";

/** The syncs of a folder: one that has begun, and one that begins after it. */
interface FolderSyncs {
  readonly running: Promise<void>;
  next?: Promise<void>;
}

const syncs = new Map<string, FolderSyncs>();

/**
 * Syncs a folder, so that the names that were created, renamed or removed in it before this call survive a power
 * failure. Calls for the same folder share a sync that has not begun.
 *
 * @throws the system's error
 */
export async function syncFolder(disk: Disk, folder: string): Promise<void> {
  const current = syncs.get(folder);
  if (current === undefined) return await startSync(disk, folder);
  // The running sync may have begun before the caller's change.
  current.next ??= current.running.then(
    () => startSync(disk, folder),
    () => startSync(disk, folder),
  );
  await current.next;
}

function startSync(disk: Disk, folder: string): Promise<void> {
  const started: FolderSyncs = { running: syncOnce(disk, folder) };
  syncs.set(folder, started);
  const end = (): void => {
    if (started.next === undefined) syncs.delete(folder);
  };
  started.running.then(end, end);
  return started.running;
}

async function syncOnce(disk: Disk, folder: string): Promise<void> {
  let opened: OpenFile | undefined;
  try {
    opened = await disk.open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    await opened.sync();
  } finally {
    // Closing says nothing about the sync, so nobody waits for it.
    void Promise.resolve(opened?.close()).catch(() => {});
  }
}
