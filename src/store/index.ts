export { ParquetPool, type ParquetPoolOptions } from "../parquet/index.ts";
export {
  createMemoryStorage,
  openFolderStorage,
  type FolderStorageOptions,
  type Storage,
  type StorageLog,
} from "../storage/index.ts";
export * from "./dataset-store.ts";
