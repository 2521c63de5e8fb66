import type { DatasetName, CommitMode } from "../dataset/index.ts";

/** One version of a file in a storage. */
export interface FileVersion {
  /**
   * Identifies the version: a hash of a file's status, or the ETag of an object. The storage changes it when it sees
   * that the bytes have changed. It is printable ASCII without quotes, because HTTP entity tags and tickets contain it.
   */
  readonly id: string;
  /** Identifies the bytes alone, if `id` also changes with the rights or the links of a file; `id` by default. */
  readonly bytesId?: string;
  /** The length of the file in bytes. */
  readonly byteLength: number;
  /** The time of the last write. */
  readonly changed: Date;
}

/** The condition of a change: the file must have one of these version ids, or any version for `*`. */
export type VersionIds = "*" | readonly string[];

/** Options of a read. */
export interface ReadBytesOptions {
  /** Receives the bytes; at least as long as the range; new memory by default. */
  readonly into?: Uint8Array | undefined;
  /** Cancels the read, if the storage supports it. Otherwise the read continues. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A file that is open for reading. All its bytes are of one version. The caller closes it. If a storage does not keep a
 * version that was replaced, each of its reads requires that version.
 */
export interface StoredFile {
  /** The version of the file. */
  readonly version: FileVersion;
  /**
   * A file descriptor that every thread of this process can read. If a storage omits it, all reads use `read`.
   */
  readonly fd?: number;
  /**
   * Reads the bytes from `start` to `end` (exclusive), which lie within the file. Several reads may run at once.
   *
   * @throws FlightError ABORTED if the version no longer exists; UNAVAILABLE if the storage does not respond; the
   * signal's reason
   */
  read(start: number, end: number, options?: ReadBytesOptions): Promise<Uint8Array>;
  /**
   * Asserts that all bytes read so far are of the file's version. It does nothing if each read requires the version.
   *
   * @throws FlightError ABORTED
   */
  assertUnchanged(): Promise<void>;
  /**
   * Creates a URL from which anyone can download the file for some minutes, if the storage offers such URLs. It returns
   * the version that is current then.
   */
  createDownloadUrl?(headers: DownloadHeaders): Promise<string>;
  /** Closes the file. */
  close(): Promise<void>;
}

/** The headers of a download. */
export interface DownloadHeaders {
  /** The value of Content-Type. */
  readonly contentType: string;
  /** The value of Content-Disposition. */
  readonly contentDisposition: string;
}

/** An unnamed file that is being written. */
export interface Scratch {
  /**
   * Appends bytes. The caller may reuse the array after the promise settles. Calls must not overlap. A remote storage
   * may send bytes later, in parts of its own size, and waits while too many are unsent.
   */
  append(bytes: Uint8Array): Promise<void>;
  /**
   * Opens the written bytes for reading. Closing the result of a scratch file also discards the file.
   *
   * @throws Error if this is an upload that was created without `isReread`
   */
  reopen(): Promise<StoredFile>;
  /** Deletes the file. Further calls, and a call after `commit`, have no effect. */
  discard(): Promise<void>;
}

/** Options of an upload. */
export interface UploadOptions {
  /**
   * Whether the upload will be reopened before its commit: a remote storage then keeps a copy of the bytes until the
   * end.
   */
  readonly isReread?: boolean;
  /** Gets each change of the memory that the upload holds, in bytes. The memory of sent bytes needs no client to be freed. */
  readonly onMemory?: (byteLength: number) => void;
}

/** A file that is being written. The commit gives it the name of its placement. It is not visible before. */
export interface Upload extends Scratch {
  /**
   * Gives the file its name, atomically. On return, the file survives a power failure. If the commit throws, the caller
   * must call `discard`.
   *
   * @throws FlightError as `Storage.assertPlaceable`
   */
  commit(): Promise<Committed>;
}

/** The name of a file, and the condition of its commit. */
export interface Placement {
  /** The name. */
  readonly name: DatasetName;
  /** Whether the commit may replace a file of that name. */
  readonly mode: CommitMode;
  /** The versions that may be replaced. If it is set, the file must exist. */
  readonly ifVersion?: VersionIds | undefined;
}

/** The result of a commit. */
export interface Committed {
  /** The new version. */
  readonly version: FileVersion;
  /** Whether the file did not exist before, as far as the storage knows. */
  readonly isNew: boolean;
  /** The new version, if a storage still has its end in memory, so that its footer is read without a request. */
  readonly file?: StoredFile;
}

/** A file in a listing. */
export interface ListedFile {
  /** The name. */
  readonly name: DatasetName;
  /** The version; undefined if the listing does not include versions. */
  readonly version?: FileVersion;
  /**
   * Reads the version right after the file was listed, which takes less than `Storage.stat`; undefined if the file no
   * longer exists. A listing without versions may have it.
   */
  stat?(): FileVersion | undefined | Promise<FileVersion | undefined>;
}

/** Options of a listing. */
export interface ListOptions {
  /** Only names with this prefix are listed; all names by default. */
  readonly prefix?: string;
  /** Only names after this one are listed, in the order of their UTF-8 bytes; empty for all names. */
  readonly after: string;
}

/**
 * Small objects beside the datasets, which listings omit. They hold what can be read from the datasets again, so any of
 * them may be missing. Several servers write them.
 */
export interface SideObjects {
  /** Lists the ids of all objects. */
  list(): Promise<string[]>;
  /** Reads an object; undefined if it was removed. */
  read(id: string): Promise<Uint8Array | undefined>;
  /** Writes a new object. Returns its id. */
  write(bytes: Uint8Array): Promise<string>;
  /** Removes an object, if it exists. */
  remove(id: string): Promise<void>;
}

/**
 * A storage for the files of datasets: names, versions, byte ranges and atomic commits. A storage does not know the
 * format of the files. All errors are FlightErrors: NOT_FOUND if a file does not exist, PERMISSION_DENIED,
 * RESOURCE_EXHAUSTED if the storage is full, UNAVAILABLE for a temporary failure.
 */
export interface Storage {
  /** Objects beside the datasets, if opening many datasets is slow, so that it is worth keeping what is known of them. */
  readonly side?: SideObjects;
  /**
   * The time after which all servers list a commit, in milliseconds. A listing that began earlier may have other commits and
   * drops, and not this one.
   */
  readonly listedAfterMs: number;
  /**
   * Lists files in the order of the UTF-8 bytes of their names. A file whose name is not a valid dataset name is
   * omitted. A remote storage lists in pages, and requests the next page when the consumer reaches it.
   */
  list(options: ListOptions): AsyncIterable<ListedFile>;
  /** Returns the current version of a file. @throws FlightError NOT_FOUND */
  stat(name: DatasetName): Promise<FileVersion>;
  /** Opens the current version of a file. @throws FlightError NOT_FOUND */
  open(name: DatasetName): Promise<StoredFile>;
  /**
   * Starts an upload. A bucket must know the name when it gets the first bytes. Only the commit checks the placement,
   * and no other upload is held up.
   */
  create(placement: Placement, options?: UploadOptions): Promise<Upload>;
  /** Creates a temporary file. It never gets a name, and it is deleted when the process ends. */
  createScratch(): Promise<Scratch>;
  /**
   * Asserts that a commit would succeed now, so that a put can fail before its data is sent.
   *
   * @throws FlightError ALREADY_EXISTS if the mode is `create` and the file exists; FAILED_PRECONDITION if the file has
   * another version, or if the name conflicts with another file (`a` and `a/b` cannot both exist)
   */
  assertPlaceable(placement: Placement): Promise<void>;
  /** Deletes a file. @throws FlightError NOT_FOUND; FAILED_PRECONDITION if it has another version */
  drop(name: DatasetName, ifVersion?: VersionIds): Promise<void>;
  /** Returns whether the storage answers now. The signal limits the wait. */
  isReachable(signal: AbortSignal): Promise<boolean>;
  /** Releases the resources of the storage. Call it after all other calls have ended. */
  close(): Promise<void>;
}
