import type { DatasetStore } from "../../src/store/index.ts";
import { useBuckets } from "../support/buckets.ts";
import { openForgetfulStorage, testStorages, type TestStorage } from "../support/storages.ts";
import { openTestStore } from "../support/test-store.ts";
import { describeCatalogContract } from "./catalog-contract.ts";
import { describeFolderContract } from "./folder-contract.ts";
import { describeProducerContract } from "./producer-contract.ts";
import { describeStoreContract } from "./store-contract.ts";

type OpenStore = () => Promise<{ producer: DatasetStore; catalog: DatasetStore; close(): Promise<void> }>;

function storesOver(openStorage: () => Promise<TestStorage>): OpenStore {
  return async () => {
    const opened = await openTestStore({ openStorage, workerCount: 2 });
    return { producer: opened.store, catalog: opened.store, close: () => opened[Symbol.asyncDispose]() };
  };
}

const buckets = useBuckets();

for (const [what, openStorage] of Object.entries({ ...testStorages, "a bucket": buckets.openStorage })) {
  const openStore = storesOver(openStorage);
  const isBucket = openStorage === buckets.openStorage;
  describeProducerContract(`the store over ${what}`, openStore, { keepsReplaced: !isBucket });
  describeCatalogContract(`the store over ${what}`, openStore);
  describeFolderContract(`the store over ${what}`, openStorage);
  describeStoreContract(`the store over ${what}`, { openStorage, keepsReplaced: isBucket ? undefined : true });
}
describeStoreContract("the store over a storage that loses replaced versions", {
  openStorage: openForgetfulStorage,
  keepsReplaced: false,
});
