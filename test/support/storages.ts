import { createMemoryStorage, openFolderStorage, type Storage } from "../../src/storage/index.ts";
import { createTemporaryFolder } from "./folder.ts";

/** A storage of its own for a test. */
export interface TestStorage extends AsyncDisposable {
  readonly storage: Storage;
}

/** The storages that a store is tested over: one whose files have descriptors, and one whose files are read by requests. */
export const testStorages = {
  "a folder": openTestFolder,
  memory: async () => openMemory(true),
} as const satisfies Readonly<Record<string, () => Promise<TestStorage>>>;

/** A storage whose readers lose a version that is replaced, as those of a bucket do. */
export const openForgetfulStorage = async (): Promise<TestStorage> => openMemory(false);

/** Opens an empty folder, which is removed with the storage. */
export async function openTestFolder(): Promise<TestStorage> {
  const folder = await createTemporaryFolder();
  const storage = await openFolderStorage({ folder: folder.path });
  return {
    storage,
    async [Symbol.asyncDispose]() {
      await storage.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function openMemory(keepsReplaced: boolean): TestStorage {
  const storage = createMemoryStorage({ keepsReplaced });
  return { storage, [Symbol.asyncDispose]: () => storage.close() };
}
