import { compareNames, datasetExists, datasetPath, missingDataset, type DatasetName } from "../dataset/index.ts";
import { FlightError, joinPieces, quoteName } from "../flight/index.ts";
import type {
  Committed,
  FileVersion,
  ListedFile,
  ListOptions,
  Placement,
  Scratch,
  Storage,
  StoredFile,
  Upload,
  UploadOptions,
  VersionIds,
} from "./storage.ts";
import { assertVersion } from "./version-condition.ts";

interface MemoryFile {
  readonly version: FileVersion;
  readonly bytes: Uint8Array;
}

/** Options of a storage in memory. */
export interface MemoryStorageOptions {
  /**
   * Whether a reader keeps the version that it opened after a replacement or a drop, as in a folder; true by default. If
   * not, its reads fail with ABORTED, as in a bucket.
   */
  readonly keepsReplaced?: boolean;
}

/** Creates a storage that keeps its files in memory, for tests and for servers without persistent data. */
export function createMemoryStorage({ keepsReplaced = true }: MemoryStorageOptions = {}): Storage {
  return new MemoryStorage(keepsReplaced);
}

class MemoryStorage implements Storage {
  readonly listedAfterMs = 0;
  readonly #keepsReplaced: boolean;
  readonly #files = new Map<DatasetName, MemoryFile>();
  #versionCount = 0;

  constructor(keepsReplaced: boolean) {
    this.#keepsReplaced = keepsReplaced;
  }

  async *list({ prefix = "", after }: ListOptions): AsyncGenerator<ListedFile, void, undefined> {
    const names = [...this.#files.keys()].filter((name) => name.startsWith(prefix) && compareNames(name, after) > 0);
    for (const name of names.sort(compareNames)) {
      const file = this.#files.get(name);
      if (file) yield { name, version: file.version };
    }
  }

  async isReachable(): Promise<boolean> {
    return true;
  }

  async stat(name: DatasetName): Promise<FileVersion> {
    return this.#find(name).version;
  }

  async open(name: DatasetName): Promise<StoredFile> {
    const file = this.#find(name);
    return toStoredFile(file, () => this.#keepsReplaced || this.#files.get(name) === file);
  }

  async create(placement: Placement, { isReread = false }: UploadOptions = {}): Promise<Upload> {
    const { toFile, ...scratch } = this.#createScratch(isReread);
    return { ...scratch, commit: async () => this.#commit(placement, toFile()) };
  }

  async createScratch(): Promise<Scratch> {
    return this.#createScratch(true);
  }

  #createScratch(isReread: boolean): Scratch & { toFile(): MemoryFile } {
    const pieces: Uint8Array[] = [];
    const toFile = (): MemoryFile => {
      const bytes = joinPieces(pieces);
      const id = String(++this.#versionCount).padStart(32, "0");
      return { bytes, version: { id, byteLength: bytes.byteLength, changed: new Date() } };
    };
    return {
      toFile,
      async append(bytes) {
        pieces.push(bytes.slice());
      },
      async reopen() {
        if (!isReread) throw new Error("the upload was not created to be reopened");
        return toStoredFile(toFile());
      },
      discard: async () => void (pieces.length = 0),
    };
  }

  async assertPlaceable({ name, mode, ifVersion }: Placement): Promise<void> {
    this.#assertPlaceable({ name, mode, ifVersion });
  }

  async drop(name: DatasetName, ifVersion?: VersionIds): Promise<void> {
    assertVersion(name, this.#find(name).version, ifVersion);
    this.#files.delete(name);
  }

  async close(): Promise<void> {
    this.#files.clear();
  }

  #commit(placement: Placement, file: MemoryFile): Committed {
    this.#assertPlaceable(placement);
    const isNew = !this.#files.has(placement.name);
    this.#files.set(placement.name, file);
    return { version: file.version, isNew };
  }

  #assertPlaceable({ name, mode, ifVersion }: Placement): void {
    if (ifVersion !== undefined) assertVersion(name, this.#find(name).version, ifVersion);
    if (mode === "create" && this.#files.has(name)) throw datasetExists(name);
    const blocking = this.#blocking(name);
    if (blocking === undefined) return;
    const words = `dataset ${quoteName(name)} cannot be put: ${blocking}`;
    throw new FlightError("failed_precondition", words, { dataset: name });
  }

  /** Returns why a name conflicts with the existing names, as in a folder; undefined if it does not. */
  #blocking(name: DatasetName): string | undefined {
    const segments = datasetPath(name);
    for (let depth = 1; depth < segments.length; depth++) {
      const part = segments.slice(0, depth).join("/") as DatasetName;
      if (this.#files.has(part)) return `${quoteName(part)} is a dataset, not a folder`;
    }
    const isFolder = [...this.#files.keys()].some((other) => other.startsWith(`${name}/`));
    return isFolder ? `${quoteName(name)} is a folder of datasets` : undefined;
  }

  #find(name: DatasetName): MemoryFile {
    const file = this.#files.get(name);
    if (file === undefined) throw missingDataset(name);
    return file;
  }
}

function toStoredFile({ bytes, version }: MemoryFile, isThere = (): boolean => true): StoredFile {
  return {
    version,
    async read(start, end, { into, signal } = {}) {
      signal?.throwIfAborted();
      if (!isThere()) throw new FlightError("aborted", "it was replaced or dropped while it was read");
      const part = bytes.subarray(start, end);
      if (into === undefined) return part.slice();
      into.set(part);
      return into.subarray(0, part.byteLength);
    },
    async assertUnchanged() {},
    async close() {},
  };
}
