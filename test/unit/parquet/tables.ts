import { RecordBatchReader, Table, tableToIPC } from "apache-arrow";
import { decodeIpcStream, encodeIpcStream } from "../../../src/arrow/index.ts";
import { type FlightFrame } from "../../../src/flight/index.ts";
import { createTemporaryFolder } from "../../support/folder.ts";
import { TestFile } from "./test-file.ts";
import type { Scratch, StoredFile } from "../../../src/storage/index.ts";
import {
  decodeStorableSchema,
  ParquetWriter,
  readParquetFacts,
  readParquetFrames,
  type ParquetPool,
} from "../../../src/parquet/index.ts";

/** A file of its own, open for reading and writing, that is gone when it is disposed. */
export async function createTemporaryFile(): Promise<{ file: TestFile } & AsyncDisposable> {
  const folder = await createTemporaryFolder();
  const file = await TestFile.open(`${folder.path}/file.parquet`, "w+");
  const dispose = async (): Promise<void> => {
    await file.close();
    await folder[Symbol.asyncDispose]();
  };
  return { file, [Symbol.asyncDispose]: dispose };
}

/** A signal that never comes. */
export const never: AbortSignal = new AbortController().signal;

/** A table as frames, the schema first. */
export function toFrames(table: Table): FlightFrame[] {
  return [...decodeIpcStream(tableToIPC(table, "stream"))];
}

/** Frames as a table. */
export function toTable(frames: readonly FlightFrame[]): Table {
  return new Table([...RecordBatchReader.from(encodeIpcStream(frames))]);
}

/** Writes frames, the first of which has the schema. */
export async function writeFrames(pool: ParquetPool, file: Scratch, frames: readonly FlightFrame[]) {
  const writer = new ParquetWriter(pool, file, decodeStorableSchema(frames[0]!.header), { signal: never });
  try {
    for (const frame of frames.slice(1)) await writer.write(frame);
    return await writer.finish();
  } catch (reason) {
    await writer.abort();
    throw reason;
  }
}

/** Reads all frames of a file. */
export async function readFrames(pool: ParquetPool, file: StoredFile): Promise<FlightFrame[]> {
  const facts = await readParquetFacts(pool, file);
  return await Array.fromAsync(readParquetFrames(pool, file, facts, { signal: never }));
}
