import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

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
export async function syncFolder(folder: string): Promise<void> {
  const current = syncs.get(folder);
  if (current === undefined) return await startSync(folder);
  // The running sync may have begun before the caller's change.
  current.next ??= current.running.then(
    () => startSync(folder),
    () => startSync(folder),
  );
  await current.next;
}

function startSync(folder: string): Promise<void> {
  const started: FolderSyncs = { running: syncOnce(folder) };
  syncs.set(folder, started);
  const end = (): void => {
    if (started.next === undefined) syncs.delete(folder);
  };
  started.running.then(end, end);
  return started.running;
}

async function syncOnce(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    await handle.sync();
  } finally {
    // Closing says nothing about the sync, so nobody waits for it.
    void handle?.close().catch(() => {});
  }
}
