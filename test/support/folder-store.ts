import { openFolderStorage } from "../../src/storage/index.ts";
import { createDatasetStore, type DatasetStore } from "../../src/store/index.ts";

/** A store over a folder. The storage reports to the same log as the store. */
export async function openFolderStore({
  folder,
  ...options
}: { readonly folder: string } & Omit<Parameters<typeof createDatasetStore>[0], "storage">): Promise<DatasetStore> {
  const log = options.log && { log: options.log };
  return createDatasetStore({ storage: await openFolderStorage({ folder, ...log }), ...options });
}
