import { FlightError } from "../flight/index.ts";
import {
  isBucketUrl,
  openBucketStorage,
  openFolderStorage,
  type BucketStorageOptions,
  type Storage,
  type StorageLog,
} from "../storage/index.ts";
import { UsageError } from "./exit-code.ts";
import { toFileError } from "./file-error.ts";
import { assertNoCredentials } from "./options.ts";

/** The flags of `hangar serve` for the location of the datasets. */
export interface StorageFlags {
  /** A folder, or the URL of a place in a bucket. */
  readonly repo: string;
  readonly s3Endpoint?: string;
  readonly s3Region?: string;
  /** Whether the bucket's name is in the path of a URL; by default with an endpoint. */
  readonly s3PathStyle?: boolean;
  /** Whether downloads of files go to the bucket. */
  readonly redirectDownloads?: boolean;
  /** The time after which another server's put is listed, in seconds. */
  readonly s3ListWithin?: number;
}

/** What a storage reports to. */
export type StorageWatchers = Required<Pick<BucketStorageOptions, "log" | "onReceived">>;

/** Opens the folder or the bucket of the datasets. @throws Error naming it */
export async function openStorage(flags: StorageFlags, watchers: StorageWatchers): Promise<Storage> {
  return isBucketUrl(flags.repo) ? await openBucket(flags, watchers) : await openFolder(flags.repo, watchers.log);
}

async function openBucket(flags: StorageFlags, watchers: StorageWatchers): Promise<Storage> {
  const {
    repo: url,
    s3Endpoint: endpoint,
    s3Region: region,
    s3PathStyle: usesPathStyle,
    s3ListWithin,
    redirectDownloads,
  } = flags;
  const listedWithinMs = s3ListWithin === undefined ? undefined : 1000 * s3ListWithin;
  assertNoCredentials(url);
  try {
    return await openBucketStorage({
      url,
      endpoint,
      region,
      usesPathStyle,
      listedWithinMs,
      givesDownloads: redirectDownloads,
      ...watchers,
    });
  } catch (reason) {
    if (!(reason instanceof FlightError) || reason.code === "invalid_argument") throw reason;
    const why = reason.cause instanceof Error ? ` (${reason.cause.message})` : "";
    throw new Error(`${url} cannot be opened: ${reason.message}${why}`, { cause: reason });
  }
}

async function openFolder(folder: string, log: StorageLog): Promise<Storage> {
  if (folder === "") throw new UsageError("--repo is empty; name a folder, or leave it out for ./datasets");
  try {
    return await openFolderStorage({ folder, log });
  } catch (reason) {
    const code = reason instanceof Error && "code" in reason ? String(reason.code) : "";
    if (["EEXIST", "ENOTDIR"].includes(code)) throw new Error(`${folder} is not a folder`, { cause: reason });
    throw toFileError(reason, folder, { ENOENT: "the folder cannot be created" });
  }
}
