import { vi, type MockInstance } from "vitest";
import { Disk } from "../../src/storage/folder/disk.ts";

/**
 * Replaces the sync of every file and folder that is opened from now on, until `vi.restoreAllMocks` or the restore of
 * the result.
 *
 * @param sync - gets the original sync
 */
export function mockSyncs(sync: (original: () => Promise<void>) => Promise<void>): MockInstance<Disk["open"]> {
  const open = Disk.prototype.open;
  return vi.spyOn(Disk.prototype, "open").mockImplementation(async function (this: Disk, path, flags) {
    const file = await open.call(this, path, flags);
    const original = file.sync.bind(file);
    vi.spyOn(file, "sync").mockImplementation(() => sync(original));
    return file;
  });
}
