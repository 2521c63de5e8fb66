import { ParquetPool } from "../../src/parquet/index.ts";
import type { DatasetStore } from "../../src/store/index.ts";
import { openFolderStore } from "../support/folder-store.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { describeCatalogContract } from "./catalog-contract.ts";
import { describeProducerContract } from "./producer-contract.ts";

async function openStore(): Promise<{ producer: DatasetStore; catalog: DatasetStore; close(): Promise<void> }> {
  const folder = await createTemporaryFolder();
  const pool = new ParquetPool({ workerCount: 2 });
  const store = await openFolderStore({ folder: folder.path, pool });
  return {
    producer: store,
    catalog: store,
    async close() {
      await store.close();
      await pool.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describeProducerContract("the store in a folder", openStore);
describeCatalogContract("the store in a folder", openStore);
