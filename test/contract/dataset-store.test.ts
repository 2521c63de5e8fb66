import { ParquetPool } from "../../src/parquet/index.ts";
import { createDatasetStore, type DatasetStore } from "../../src/store/index.ts";
import { openBucketStorage } from "../../src/storage/index.ts";
import { useBuckets } from "../support/buckets.ts";
import { openForgetfulStorage, testStorages, type TestStorage } from "../support/storages.ts";
import { describeCatalogContract } from "./catalog-contract.ts";
import { describeFolderContract } from "./folder-contract.ts";
import { describeProducerContract } from "./producer-contract.ts";
import { describeStoreContract } from "./store-contract.ts";

type OpenStore = () => Promise<{ producer: DatasetStore; catalog: DatasetStore; close(): Promise<void> }>;

function storesOver(openStorage: () => Promise<TestStorage>): OpenStore {
  return async () => {
    const { storage, ...opened } = await openStorage();
    const pool = new ParquetPool({ workerCount: 2 });
    const store = createDatasetStore({ storage, pool });
    return {
      producer: store,
      catalog: store,
      async close() {
        await store.close();
        await pool.close();
        await opened[Symbol.asyncDispose]();
      },
    };
  };
}

const buckets = useBuckets();

async function openBucket(): Promise<TestStorage> {
  const storage = await openBucketStorage(buckets.createPlace()());
  return { storage, [Symbol.asyncDispose]: () => storage.close() };
}

for (const [what, openStorage] of Object.entries({ ...testStorages, "a bucket": openBucket })) {
  const openStore = storesOver(openStorage);
  const isBucket = openStorage === openBucket;
  describeProducerContract(`the store over ${what}`, openStore, { keepsReplaced: !isBucket });
  describeCatalogContract(`the store over ${what}`, openStore);
  describeFolderContract(`the store over ${what}`, openStorage);
  describeStoreContract(`the store over ${what}`, { openStorage, keepsReplaced: isBucket ? undefined : true });
}
describeStoreContract("the store over a storage that loses replaced versions", {
  openStorage: openForgetfulStorage,
  keepsReplaced: false,
});
