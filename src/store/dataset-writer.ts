import type { FileHandle } from "node:fs/promises";
import { FlightError } from "../flight/index.ts";
import { quoteName, type DatasetName } from "../dataset/index.ts";
import {
  decodeStorableSchema,
  decompressFrames,
  ParquetWriter,
  readParquetFacts,
  readParquetFrames,
  type ParquetPool,
} from "../parquet/index.ts";
import { assertRowCount, throwIfAborted, type IncomingPut, type VersionCondition } from "../producer/index.ts";
import { dropDataset, statDataset } from "./dataset-folder.ts";
import { tagOf, toFileVersion, type FileVersion } from "./file-version.ts";
import { NameLocks } from "./name-locks.ts";
import { assertPlaceable, type Placement } from "./place-file.ts";
import { toStoreError } from "./store-error.ts";
import type { Upload, UploadArea } from "./upload-area.ts";

/** Where a dataset goes, which version it may take the place of, and how many rows it must have. */
export interface ConditionalPlacement extends Placement {
  readonly isOneOf?: VersionCondition["isOneOf"];
  readonly rowCount?: number | undefined;
}

/** What a put has become. */
export interface Placed {
  readonly version: FileVersion;
  /** Whether there was no dataset of the name before, as far as that can be told. */
  readonly isNew: boolean;
}

type Frames = Pick<IncomingPut, "schemaHeader" | "batches">;

/** Puts datasets into a folder, and drops them. Nothing of a put is there before all of it is. */
export class DatasetWriter {
  readonly #root: string;
  readonly #uploads: UploadArea;
  readonly #pool: ParquetPool;
  readonly #locks = new NameLocks();

  constructor(root: string, uploads: UploadArea, pool: ParquetPool) {
    this.#root = root;
    this.#uploads = uploads;
    this.#pool = pool;
  }

  /** Stores record batches as a Parquet file. @throws FlightError as `DoPut` */
  async putFrames(
    { schemaHeader, batches }: Frames,
    placement: ConditionalPlacement,
    signal: AbortSignal,
  ): Promise<Placed> {
    return await this.#put(
      placement,
      signal,
      async ({ file }) => {
        const frames = { schemaHeader, batches: decompressFrames(this.#pool, batches, { signal }) };
        assertRowCount(placement.rowCount, await this.#writeParquet(file, frames, signal));
      },
      () => void decodeStorableSchema(schemaHeader),
    );
  }

  /**
   * Stores the bytes of a Parquet file as they come. All of it is decoded once before it is a dataset: what is found to
   * be no sound file later would be nobody's any more.
   *
   * @throws FlightError INVALID_ARGUMENT where it is no Parquet file that can be read
   */
  async putBytes(
    chunks: AsyncIterable<Uint8Array>,
    placement: ConditionalPlacement,
    signal: AbortSignal,
  ): Promise<Placed> {
    return await this.#put(placement, signal, async (upload) => {
      let byteOffset = 0;
      for await (const chunk of chunks) {
        throwIfAborted(signal);
        for (let written = 0; written < chunk.byteLength;) {
          const { bytesWritten } = await upload.file.write(chunk, written, chunk.byteLength - written, byteOffset);
          written += bytesWritten;
          byteOffset += bytesWritten;
        }
      }
      assertRowCount(placement.rowCount, await this.#assertReadable(upload, signal));
    });
  }

  /**
   * Writes record batches as a Parquet file that has no name, so that it is gone when it is closed.
   *
   * @returns the file, which is the caller's to close
   * @throws FlightError as `DoPut`; otherwise the system's error
   */
  async writeScratch(frames: Frames, signal: AbortSignal): Promise<{ file: FileHandle; version: FileVersion }> {
    const file = await this.#uploads.createScratch();
    try {
      await this.#writeParquet(file, frames, signal);
      return { file, version: toFileVersion(await file.stat({ bigint: true })) };
    } catch (reason) {
      await file.close();
      throw reason;
    }
  }

  /** Deletes a dataset. @throws FlightError NOT_FOUND; FAILED_PRECONDITION where it is none of the versions */
  async drop(name: DatasetName, isOneOf?: VersionCondition["isOneOf"]): Promise<void> {
    await this.#locks.run(name, async () => {
      await this.#assertVersion(name, isOneOf);
      await dropDataset(this.#root, name);
    });
  }

  /** Checks whether something could be placed now. @throws FlightError as `assertPlaceable`; FAILED_PRECONDITION */
  async assertPlaceable(placement: ConditionalPlacement): Promise<void> {
    try {
      await this.#assertVersion(placement.name, placement.isOneOf);
      await assertPlaceable(this.#root, placement);
    } catch (reason) {
      throw toStoreError(reason, "put", placement.name);
    }
  }

  async #put(
    placement: ConditionalPlacement,
    signal: AbortSignal,
    write: (upload: Upload) => Promise<void>,
    check = (): void => {},
  ): Promise<Placed> {
    const { name, isOneOf } = placement;
    try {
      check();
      await this.assertPlaceable(placement);
      const upload = await this.#uploads.create();
      try {
        await write(upload);
        throwIfAborted(signal);
        return await this.#locks.run(name, async () => {
          await this.#assertVersion(name, isOneOf);
          const isNew = !(await this.#exists(name));
          return { version: await upload.commit(placement), isNew };
        });
      } finally {
        await upload.discard();
      }
    } catch (reason) {
      throwIfAborted(signal);
      throw toStoreError(reason, "put", name);
    }
  }

  async #writeParquet(file: FileHandle, { schemaHeader, batches }: Frames, signal: AbortSignal): Promise<bigint> {
    const writer = new ParquetWriter(this.#pool, file, schemaHeader, { signal });
    try {
      for await (const frame of batches) await writer.write(frame);
      return (await writer.finish()).rowCount;
    } catch (reason) {
      await writer.abort();
      throw reason;
    }
  }

  async #exists(name: DatasetName): Promise<boolean> {
    try {
      await statDataset(this.#root, name);
      return true;
    } catch (reason) {
      if (reason instanceof FlightError && reason.code === "not_found") return false;
      throw reason;
    }
  }

  async #assertVersion(name: DatasetName, isOneOf: VersionCondition["isOneOf"]): Promise<void> {
    if (isOneOf === undefined) return;
    const version = await statDataset(this.#root, name);
    if (isOneOf === "*" || isOneOf.includes(tagOf(version))) return;
    throw new FlightError("failed_precondition", `dataset ${quoteName(name)} has another version by now`);
  }

  /** Decodes all of a file, and gives the number of its rows. */
  async #assertReadable({ file }: Upload, signal: AbortSignal): Promise<bigint> {
    try {
      const facts = await readParquetFacts(this.#pool, file, { signal });
      for await (const frame of readParquetFrames(this.#pool, file, facts, { signal })) frame.release?.();
      return facts.rowCount;
    } catch (reason) {
      // That what was sent cannot be read is its sender's doing.
      const isWrong = reason instanceof FlightError && ["data_loss", "unimplemented"].includes(reason.code);
      if (!isWrong) throw reason;
      throw new FlightError("invalid_argument", reason.message, { cause: reason });
    }
  }
}
