/**
 * The producer that stores datasets as Parquet files, and the storages for its files.
 *
 * @module hangar/store
 */
import "./assert-node-version.ts";
export { ParquetPool, type ParquetPoolOptions } from "../parquet/index.ts";
export {
  createMemoryStorage,
  openBucketStorage,
  openFolderStorage,
  type BucketAddress,
  type BucketStorageOptions,
  type Committed,
  type DownloadHeaders,
  type FileVersion,
  type FolderStorageOptions,
  type ListedFile,
  type ListOptions,
  type MemoryStorageOptions,
  type Placement,
  type ReadBytesOptions,
  type Scratch,
  type SideObjects,
  type Storage,
  type StorageLog,
  type StoredFile,
  type Upload,
  type UploadOptions,
  type VersionIds,
} from "../storage/index.ts";
export { createDatasetStore, type DatasetStore, type DatasetStoreOptions } from "../store/index.ts";
