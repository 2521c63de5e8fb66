export { isBucketUrl } from "./bucket/bucket-location.ts";
export type { BucketAddress } from "./bucket/objects.ts";
export { openBucketStorage, type BucketStorageOptions } from "./bucket/bucket-storage.ts";
export { openFolderStorage, type FolderStorageOptions } from "./folder/folder-storage.ts";
export { createLocalFile, openLocalFile } from "./folder/local-file.ts";
export { LeftOutLog } from "./left-out-log.ts";
export { createMemoryStorage, type MemoryStorageOptions } from "./memory-storage.ts";
export { silentLog, type StorageLog } from "./storage-log.ts";
export type {
  Committed,
  DownloadHeaders,
  FileVersion,
  ListedFile,
  ListOptions,
  Placement,
  ReadBytesOptions,
  Scratch,
  SideObjects,
  Storage,
  StoredFile,
  Upload,
  UploadOptions,
  VersionIds,
} from "./storage.ts";
