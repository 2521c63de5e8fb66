import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeMessage } from "../arrow/index.ts";
import { FlightError, type FlightFrame } from "../flight/index.ts";
import { decodeStorableSchema, ParquetPool, ParquetWriter } from "../parquet/index.ts";
import { createLocalFile, type Scratch } from "../storage/index.ts";

/** The size of a chunk of the file in bytes. */
const chunkBytes = 1024 * 1024;

/**
 * Encodes frames as a Parquet file, and yields its chunks. The footer comes last and the writer appends its pieces when
 * they are ready, so the file is first written to a temporary file.
 *
 * @throws FlightError as `decodeStorableSchema` and `ParquetWriter`; errors of the frames
 */
export async function* encodeParquet(
  frames: AsyncIterable<FlightFrame>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const folder = await mkdtemp(join(tmpdir(), "hangar-"));
  try {
    const file = await createLocalFile(join(folder, "data.parquet"));
    try {
      await writeParquet(file, frames, signal);
      const written = await file.reopen();
      const { byteLength } = written.version;
      for (let start = 0; start < byteLength; start += chunkBytes) {
        yield await written.read(start, Math.min(byteLength, start + chunkBytes));
      }
    } finally {
      await file.discard();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeParquet(file: Scratch, frames: AsyncIterable<FlightFrame>, signal: AbortSignal): Promise<void> {
  const pool = new ParquetPool();
  let writer: ParquetWriter | undefined;
  try {
    for await (const frame of frames) {
      if (writer) await writer.write(frame);
      else if (decodeMessage(frame.header).kind === "schema") {
        writer = new ParquetWriter(pool, file, decodeStorableSchema(frame.header), { signal });
      }
    }
    if (writer === undefined) throw new FlightError("invalid_argument", "the stream ended before its schema");
    await writer.finish();
  } catch (reason) {
    await writer?.abort();
    throw reason;
  } finally {
    await pool.close();
  }
}
