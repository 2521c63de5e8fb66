import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "vitest";
import { createMemoryStorage, openBucketStorage, openFolderStorage, type Storage } from "../../src/storage/index.ts";
import { useBuckets } from "../support/buckets.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { s3Program } from "../support/s3-server.ts";
import { describeStorage } from "./storage-contract.ts";

describeStorage("a folder", async () => {
  const folder = await createTemporaryFolder();
  const storages: Storage[] = [];
  const openAnother = async (): Promise<Storage> => {
    const storage = await openFolderStorage({ folder: folder.path });
    storages.push(storage);
    return storage;
  };
  return {
    storage: await openAnother(),
    openAnother,
    async countUnnamed() {
      const entries = await readdir(join(folder.path, ".hangar"), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).length;
    },
    async [Symbol.asyncDispose]() {
      for (const storage of storages) await storage.close();
      await folder[Symbol.asyncDispose]();
    },
  };
});

const s3 = useBuckets({ gatewayCount: 2 });

describeStorage("a bucket", async () => {
  const place = s3.createPlace();
  const storages: Storage[] = [];
  const openAnother = async (): Promise<Storage> => {
    const storage = await openBucketStorage(place(storages.length));
    storages.push(storage);
    return storage;
  };
  return {
    storage: await openAnother(),
    openAnother,
    nesting: s3Program.nesting,
    countUnnamed: () => s3.countUploads(),
    async [Symbol.asyncDispose]() {
      for (const storage of storages) await storage.close();
    },
  };
});

describe.each([true, false])("with readers that keep what was replaced: %s", (keepsReplaced) => {
  describeStorage("memory", async () => {
    const storage = createMemoryStorage({ keepsReplaced });
    return {
      storage,
      openAnother: async () => storage,
      countUnnamed: async () => 0,
      [Symbol.asyncDispose]: () => storage.close(),
    };
  });
});
