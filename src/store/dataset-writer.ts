import { FlightError } from "../flight/index.ts";
import { assertNoFolderPattern, folderOf, isCompactedName, nameDatasetIn, type DatasetName } from "../dataset/index.ts";
import {
  decodeStorableSchema,
  decompressFrames,
  ParquetWriter,
  readParquetFacts,
  readParquetFrames,
  type ParquetFacts,
  type ParquetPool,
  type StorableSchema,
  type WriteOptions,
  type WrittenFile,
} from "../parquet/index.ts";
import { assertRowCount, throwIfAborted, type CallContext, type IncomingPut } from "../producer/index.ts";
import { readReplaced } from "./folder/replaced-files.ts";
import type {
  Committed,
  FileVersion,
  Placement,
  Scratch,
  Storage,
  StoredFile,
  UploadOptions,
  VersionIds,
} from "../storage/index.ts";

/** The name of a dataset, the condition of its commit, and its declared number of rows. */
export interface DatasetPlacement extends Placement {
  readonly rowCount?: number | undefined;
  /** How the file is written. */
  readonly file?: Omit<WriteOptions, "signal"> | undefined;
  /** Runs right before the commit. If it throws, nothing is stored. */
  readonly beforeCommit?: (() => Promise<void>) | undefined;
}

/** The end of a call, and the count of what it stores. */
export type WriteCall = Pick<CallContext, "signal" | "claimUploadBytes" | "putLimits">;

type Frames = Pick<IncomingPut, "schemaHeader" | "batches">;

/** A version that was just put, and what is known of it. */
export interface NewVersion {
  readonly name: DatasetName;
  readonly version: FileVersion;
  /** As in `Committed`. */
  readonly file?: StoredFile | undefined;
  /** The facts, if the file was read before its commit. */
  readonly facts?: ParquetFacts;
  /** What the writer knows, if this process has written the file. */
  readonly written?: WrittenFile;
}

/** Puts datasets into a storage, and drops them. Nothing of a put is visible before all of it is there. */
export class DatasetWriter {
  readonly #storage: Storage;
  readonly #pool: ParquetPool;
  readonly #onNewVersion: (version: NewVersion) => void;

  /** @param onNewVersion - is told of each new version, and closes its file */
  constructor(storage: Storage, pool: ParquetPool, onNewVersion: (version: NewVersion) => void) {
    this.#storage = storage;
    this.#pool = pool;
    this.#onNewVersion = onNewVersion;
  }

  /** Stores record batches as a Parquet file. @throws FlightError as `DoPut` */
  async putFrames({ schemaHeader, batches }: Frames, placement: DatasetPlacement, call: WriteCall): Promise<Committed> {
    const { signal, putLimits } = call;
    return await this.#put(placement, call, () => {
      const schema = decodeStorableSchema(schemaHeader);
      return async (upload) => {
        const decompressed = decompressFrames(this.#pool, batches, { signal, batchBytesMax: putLimits?.batchBytes });
        const written = await this.#writeParquet(upload, schema, decompressed, { ...placement.file, signal });
        assertRowCount(placement.rowCount, written.rowCount);
        return { written };
      };
    });
  }

  /**
   * Stores the bytes of a Parquet file as they arrive. The whole file is decoded once before the commit, so that an
   * invalid file never becomes a dataset.
   *
   * @throws FlightError INVALID_ARGUMENT if the file is not valid Parquet
   */
  async putBytes(chunks: AsyncIterable<Uint8Array>, placement: DatasetPlacement, call: WriteCall): Promise<Committed> {
    const { signal } = call;
    return await this.#put({ ...placement, isReread: true }, call, () => async (upload) => {
      for await (const chunk of chunks) {
        throwIfAborted(signal);
        await this.#pool.uploads.room(signal);
        await upload.append(chunk);
      }
      const facts = await this.#assertReadable(upload, signal, placement.name);
      assertRowCount(placement.rowCount, facts.rowCount);
      return { facts };
    });
  }

  /**
   * Writes record batches as a Parquet file that has no name, and is gone when it is closed.
   *
   * @returns the file, which is the caller's to close
   * @throws FlightError as `DoPut`; otherwise the system's error
   */
  async writeScratch({ schemaHeader, batches }: Frames, call: WriteCall): Promise<StoredFile> {
    const { signal } = call;
    const schema = decodeStorableSchema(schemaHeader);
    const scratch = await this.#storage.createScratch();
    try {
      await this.#writeParquet(counted(scratch, call), schema, batches, { signal });
      return await scratch.reopen();
    } catch (reason) {
      await scratch.discard();
      throw reason;
    }
  }

  /** Deletes a dataset. @throws FlightError NOT_FOUND; FAILED_PRECONDITION if it has another version; INVALID_ARGUMENT */
  async drop(name: DatasetName, ifVersion?: VersionIds): Promise<void> {
    try {
      await this.#storage.drop(name, ifVersion);
    } catch (reason) {
      if (reason instanceof FlightError && reason.code === "not_found") assertNoFolderPattern(name);
      throw nameDatasetIn(reason, name);
    }
  }

  /**
   * Checks whether something could be placed now.
   *
   * @throws FlightError as `Storage.assertPlaceable`; INVALID_ARGUMENT if the name is a pattern, which only reads take
   */
  async assertPlaceable(placement: Placement): Promise<void> {
    assertNoFolderPattern(placement.name);
    try {
      await this.#storage.assertPlaceable(placement);
    } catch (reason) {
      throw nameDatasetIn(reason, placement.name);
    }
  }

  /** @param prepare - checks what is put before anything is stored, and returns what writes it */
  async #put(
    { isReread = false, beforeCommit, ...placement }: DatasetPlacement & UploadOptions,
    call: WriteCall,
    prepare: () => (upload: Scratch) => Promise<Pick<NewVersion, "facts" | "written">>,
  ): Promise<Committed> {
    const { signal } = call;
    try {
      const write = prepare();
      await this.assertPlaceable(placement);
      const holder = { collectedBytes: 0, flush: () => {} };
      const onMemory = (byteLength: number): void => this.#pool.uploads.add(holder, byteLength);
      const upload = await this.#storage.create(placement, { isReread, onMemory });
      try {
        const known = await write(counted(upload, call));
        await beforeCommit?.();
        throwIfAborted(signal);
        const { file, ...committed } = await upload.commit();
        this.#onNewVersion({ name: placement.name, version: committed.version, file, ...known });
        return committed;
      } finally {
        await upload.discard();
        this.#pool.uploads.close(holder);
      }
    } catch (reason) {
      throwIfAborted(signal);
      throw nameDatasetIn(reason, placement.name);
    }
  }

  async #writeParquet(
    file: Scratch,
    schema: StorableSchema,
    batches: Frames["batches"],
    options: WriteOptions,
  ): Promise<WrittenFile> {
    const writer = new ParquetWriter(this.#pool, file, schema, options);
    try {
      for await (const frame of batches) await writer.write(frame);
      return await writer.finish();
    } catch (reason) {
      await writer.abort();
      throw reason;
    }
  }

  /** Decodes a whole file. Returns its facts. */
  async #assertReadable(upload: Scratch, signal: AbortSignal, name: DatasetName): Promise<ParquetFacts> {
    const file = await upload.reopen();
    try {
      await assertReplacesNothing(file, name);
      const facts = await readParquetFacts(this.#pool, file, { signal });
      for await (const frame of readParquetFrames(this.#pool, file, facts, { signal })) frame.release?.();
      return facts;
    } catch (reason) {
      // That what was sent cannot be read is its sender's doing.
      const isWrong = reason instanceof FlightError && ["data_loss", "unimplemented"].includes(reason.code);
      if (!isWrong) throw reason;
      throw new FlightError("invalid_argument", reason.message, { cause: reason });
    } finally {
      await file.close();
    }
  }
}

/** A file with the name of a compacted file, and what only a compaction writes, would hide other files of its folder. */
async function assertReplacesNothing(file: StoredFile, name: DatasetName): Promise<void> {
  if (!isCompactedName(name) || (await readReplaced(file, folderOf(name))).size === 0) return;
  const words = `only a compaction stores a file that replaces others; choose a name that does not end in "-compacted.parquet"`;
  throw new FlightError("invalid_argument", words);
}

/** A file whose bytes count as those of an unfinished upload of a call. */
function counted(file: Scratch, { claimUploadBytes }: WriteCall): Scratch {
  if (claimUploadBytes === undefined) return file;
  return {
    append: async (bytes) => {
      claimUploadBytes(bytes.byteLength);
      await file.append(bytes);
    },
    reopen: async () => await file.reopen(),
    discard: async () => await file.discard(),
  };
}
