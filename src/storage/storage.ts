import type { DatasetName, PutMode } from "../dataset/index.ts";

/** One version of a file in a storage. */
export interface FileVersion {
  /** Identifies the version: another id means other bytes, as far as the storage can tell. 32 hexadecimal digits, or an ETag. */
  readonly id: string;
  readonly byteLength: number;
  /** When the bytes were last written. */
  readonly changed: Date;
}

/** Which version a name must have for a change to happen: one of these ids, or any version at all for `*`. */
export type VersionIds = "*" | readonly string[];

/** How bytes are read. */
export interface ReadBytesOptions {
  /** Memory to use for them, at least as long; new memory by default. */
  readonly into?: Uint8Array | undefined;
  /** Ends a request whose bytes nobody waits for any more. A read that cannot be ended goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** A file that is open to be read. Its bytes are of one version; whoever opened it closes it. */
export interface StoredFile {
  readonly version: FileVersion;
  /**
   * A file descriptor that every thread of this process can read from. A storage that has none leaves it out, and
   * its files are read by `read` alone.
   */
  readonly fd?: number;
  /**
   * Reads the bytes from `start` to `end` (exclusive), which lie within the file. Several reads may run at once.
   *
   * @throws FlightError ABORTED where the version is no longer there; UNAVAILABLE where the storage does not answer; the
   * signal's reason
   */
  read(start: number, end: number, options?: ReadBytesOptions): Promise<Uint8Array>;
  /** Asserts that what has been read so far is of the file's version. @throws FlightError ABORTED */
  assertUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/** A file that is being written and has no name. */
export interface Scratch {
  /** Writes bytes behind those written before. They may be used again once the promise settles. Calls do not overlap. */
  append(bytes: Uint8Array): Promise<void>;
  /** What has been written, open to be read. Of a scratch file, closing it discards the file too. */
  reopen(): Promise<StoredFile>;
  /** Removes the file. May be called again, and after `commit`. */
  discard(): Promise<void>;
}

/** A file that is being written, and gets its name by a commit. Nothing of it is visible before. */
export interface Upload extends Scratch {
  /**
   * Gives the file its name, in one step. On return the file survives a loss of power. Where this throws, the put is
   * not acknowledged and must be discarded.
   *
   * @throws FlightError as `Storage.assertPlaceable`
   */
  commit(placement: Placement): Promise<Committed>;
}

/** Where a file goes. */
export interface Placement {
  readonly name: DatasetName;
  /** Whether a file of that name may be replaced. */
  readonly mode: PutMode;
  /** Which version it must have, where it has to be there. */
  readonly ifVersion?: VersionIds | undefined;
}

/** What a commit has made. */
export interface Committed {
  readonly version: FileVersion;
  /** Whether there was no file of the name before, as far as the storage can tell. */
  readonly isNew: boolean;
}

/** A file in a listing. */
export interface ListedFile {
  readonly name: DatasetName;
  /** Undefined where listing does not tell versions. */
  readonly version?: FileVersion;
}

/** Which names to list. */
export interface ListOptions {
  /** Only names that begin so; all by default. */
  readonly prefix?: string;
  /** Only names after this one, in the order of their UTF-8 bytes; empty for all. */
  readonly after: string;
}

/**
 * Where the bytes of datasets live: names, versions, byte ranges and atomic commits. A storage knows nothing of what
 * the bytes mean. All errors are FlightErrors: NOT_FOUND for a name that has no file, PERMISSION_DENIED,
 * RESOURCE_EXHAUSTED where the storage is full, UNAVAILABLE for a fault that may pass.
 */
export interface Storage {
  /** Lists files in the order of their names' UTF-8 bytes. A file that cannot name a dataset is left out. */
  list(options: ListOptions): AsyncIterable<ListedFile>;
  /** Tells which version a name has now. @throws FlightError NOT_FOUND */
  stat(name: DatasetName): Promise<FileVersion>;
  /** Opens the version that a name has now. @throws FlightError NOT_FOUND */
  open(name: DatasetName): Promise<StoredFile>;
  /** Begins an upload. */
  create(): Promise<Upload>;
  /** Begins a file that never gets a name, and is gone when the process ends. */
  createScratch(): Promise<Scratch>;
  /**
   * Checks whether a commit would be refused now, so that a put fails before its data is sent.
   *
   * @throws FlightError ALREADY_EXISTS where the mode is `create` and there is a file; FAILED_PRECONDITION where the
   * version is another one, or where the name cannot be beside the names that there are
   */
  assertPlaceable(placement: Placement): Promise<void>;
  /** Deletes a file. @throws FlightError NOT_FOUND; FAILED_PRECONDITION where it has none of these versions */
  drop(name: DatasetName, ifVersion?: VersionIds): Promise<void>;
  /** Returns whether the storage answers now. A storage that does not answer at all is bounded by the signal. */
  isReachable(signal: AbortSignal): Promise<boolean>;
  /** Releases what the storage holds, once its calls have ended. */
  close(): Promise<void>;
}
