import { FlightError, messageBytesMax, whenSent, type FlightFrame, type MessageBudget } from "../flight/index.ts";
import { decodeMessage, decodeSchema, readIpcStream } from "../arrow/index.ts";
import { nameDatasetIn } from "../dataset/index.ts";
import type { FileVersion, Placement, Storage, StoredFile } from "../storage/index.ts";
import { readParquetStatistics, type ParquetPool } from "../parquet/index.ts";
import {
  throwIfAborted,
  type CallContext,
  type DatasetFiles,
  type FilePut,
  type FileVersionInfo,
  type OpenBytes,
  type OpenDatasetFile,
} from "../producer/index.ts";
import type { OpenDataset } from "./dataset-reader.ts";
import { isFolder, type Datasets, type OpenFolder } from "./datasets.ts";
import type { DatasetWriter } from "./dataset-writer.ts";
import { readFolder } from "./folder/read-folder.ts";
import { changeCheckBytes, fileChunkBytes } from "./limits.ts";
import { readPart } from "./read-part.ts";
import { readUnchanged } from "./read-unchanged.ts";

/** The datasets of a storage as files. */
export function createDatasetFiles(
  datasets: Datasets,
  writer: DatasetWriter,
  { storage, pool }: { readonly storage: Storage; readonly pool: ParquetPool },
): DatasetFiles {
  return {
    readsFolders: true,
    openFile: async (context, name, version) =>
      toOpenFile({ storage, pool, writer }, context, await datasets.open(name, context, { version })),
    assertPuttable: async (_context, put) => await writer.assertPlaceable(toPlacement(put)),
    async putFile(context, put) {
      const placement = { ...toPlacement(put), rowCount: put.rowCount };
      const { version, isNew } =
        put.format === "parquet"
          ? await writer.putBytes(put.chunks, placement, context)
          : await writer.putFrames(
              await openFrames(readToEnd(put.chunks, pool.uploads.claims, context)),
              placement,
              context,
            );
      context.note?.({ dataset: put.name, right: isNew ? "write" : "replace" });
      return { ...toInfo(version), isNew };
    },
    dropFile: async (_context, name, { isOneOf }) => await writer.drop(name, isOneOf),
  };
}

function toPlacement({ name, condition }: Pick<FilePut, "name" | "condition">): Placement {
  return { name, mode: condition.isNew ? "create" : "replace", ifVersion: condition.isOneOf };
}

function toInfo(version: FileVersion): FileVersionInfo {
  return { version: version.id, changed: version.changed };
}

/** What an open file needs. */
interface FileSources {
  readonly storage: Storage;
  readonly pool: ParquetPool;
  readonly writer: DatasetWriter;
}

function toOpenFile(
  { storage, pool, writer }: FileSources,
  context: CallContext,
  dataset: OpenDataset | OpenFolder,
): OpenDatasetFile {
  const { signal } = context;
  const { name, version, facts } = dataset;
  const asStoreError = async function* <T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* items;
    } catch (reason) {
      throwIfAborted(signal);
      throw nameDatasetIn(reason, name);
    }
  };
  const toBytes = (file: StoredFile): OpenBytes => ({
    byteLength: file.version.byteLength,
    readBytes: (start, end) => asStoreError(readBytes(file, { start, end })),
    close: async () => await file.close(),
  });
  const file = isFolder(dataset) ? undefined : dataset.file;
  return {
    ...toInfo(version),
    ...(isFolder(dataset) ? toFolderBytes(dataset) : toBytes(dataset.file)),
    createDownloadUrl: file?.createDownloadUrl,
    readRows: (selection) => {
      try {
        return asStoreError(
          isFolder(dataset)
            ? readFolder({ storage, pool }, dataset, selection, signal)
            : readUnchanged(dataset.file, readPart(pool, dataset, selection, signal)),
        );
      } catch (reason) {
        throw nameDatasetIn(reason, name);
      }
    },
    writeParquet: async (rows) => {
      try {
        return toBytes(await writer.writeScratch(await openFrames(rows), context));
      } catch (reason) {
        throwIfAborted(signal);
        throw nameDatasetIn(reason, name);
      }
    },
    readSchema: () => decodeSchema(facts.schemaHeader),
    readStatistics: async () => {
      try {
        if (file === undefined) throw new FlightError("unimplemented", "a folder of datasets has no statistics");
        return await readParquetStatistics(pool, file, facts, { signal });
      } catch (reason) {
        throwIfAborted(signal);
        throw nameDatasetIn(reason, name);
      }
    },
  };
}

/** A folder has no bytes of its own. */
function toFolderBytes(folder: OpenFolder): OpenBytes & { readonly isFolder: true } {
  return {
    isFolder: true,
    byteLength: folder.version.byteLength,
    readBytes: () => {
      throw new FlightError("internal", "a folder of datasets is no file");
    },
    close: async () => folder.close(),
  };
}

/**
 * Reads bytes. The next chunk is read while the previous one is sent.
 *
 * @throws FlightError ABORTED if the file was changed in place
 */
async function* readBytes(
  file: StoredFile,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Uint8Array> {
  const reader = new ChunkReader(file, end);
  let uncheckedByteLength = 0;
  let at = start;
  let ahead = reader.read(at);
  try {
    while (at < end) {
      const chunk = await ahead;
      uncheckedByteLength += chunk.byteLength;
      at += chunk.byteLength;
      if (uncheckedByteLength >= changeCheckBytes || at === end) {
        await file.assertUnchanged();
        uncheckedByteLength = 0;
      }
      if (at < end) ahead = reader.read(at);
      yield chunk;
    }
  } finally {
    // Nothing reads from the file any more when it is closed.
    await ahead.catch(() => {});
  }
}

/** Reads chunks of a file into memory that it uses again once they have been sent. */
class ChunkReader {
  readonly #file: StoredFile;
  readonly #end: number;
  readonly #free: Uint8Array<ArrayBuffer>[] = [];

  constructor(file: StoredFile, end: number) {
    this.#file = file;
    this.#end = end;
  }

  read(at: number): Promise<Uint8Array> {
    const chunk = this.#read(at);
    // Its error reaches whoever awaits it, and does not end the process where nobody does yet.
    chunk.catch(() => {});
    return chunk;
  }

  async #read(at: number): Promise<Uint8Array> {
    const buffer = this.#free.pop() ?? Buffer.allocUnsafeSlow(Math.min(fileChunkBytes, this.#end - at));
    const chunk = await this.#file.read(at, Math.min(at + buffer.byteLength, this.#end), { into: buffer });
    whenSent(chunk, () => this.#free.push(buffer));
    return chunk;
  }
}

/** Reads a stream up to its schema. */
async function openFrames(stream: AsyncIterable<FlightFrame>) {
  const frames = stream[Symbol.asyncIterator]();
  const first = await frames.next();
  if (first.done === true || decodeMessage(first.value.header).kind !== "schema") {
    throw new FlightError("invalid_argument", "the Arrow IPC stream does not start with its schema");
  }
  return { schemaHeader: first.value.header, batches: { [Symbol.asyncIterator]: () => frames } };
}

/** Reads a stream that nothing may follow: that the request has ended, and was not cut, is known only then. */
async function* readToEnd(
  chunks: AsyncIterable<Uint8Array>,
  budget: MessageBudget,
  { putLimits }: CallContext,
): AsyncGenerator<FlightFrame, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    yield* readIpcStream(
      { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) },
      { messageBytesMax: putLimits?.messageBytes ?? messageBytesMax, budget, allocate: Buffer.allocUnsafeSlow },
    );
    const { done } = await iterator.next();
    if (done !== true)
      throw new FlightError("invalid_argument", "there are bytes after the end of the Arrow IPC stream");
  } finally {
    await iterator.return?.();
  }
}
