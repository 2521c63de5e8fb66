import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { addAbortSignal, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readIpcStream, toIpcStream } from "../arrow/index.ts";
import { FlightError, type FlightFrame } from "../flight/index.ts";
import { detectFormat, magicByteLength } from "./input-format.ts";
import { readIpcFile } from "./read-ipc-file.ts";

/** Data for a put, as the chunks of an IPC stream. */
export interface Input extends AsyncDisposable {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** The expected total, for progress: rows of a Parquet file, approximate bytes of an Arrow file. */
  readonly total: { readonly rows?: number; readonly bytes?: number };
}

/**
 * Opens a Parquet file, an Arrow file or an Arrow stream. The first bytes decide the format.
 *
 * @param path - undefined for standard input. Files from there are first written to a temporary file, because they are
 * read from the end.
 * @throws Error if the file cannot be opened, or has another format
 */
export async function openInput(path: string | undefined, signal: AbortSignal): Promise<Input> {
  if (path === undefined) return await openStandardInput(signal);
  const { size } = await stat(path);
  const format = detectFormat(await readHead(path), basename(path));
  if (format === "parquet") return await openParquet(path, signal);
  const chunks = format === "arrow-file" ? readIpcFile(path) : createReadStream(path, { signal });
  return {
    chunks: toLocalStream(readIpcStream(chunks)),
    total: { bytes: size },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function openStandardInput(signal: AbortSignal): Promise<Input> {
  // A read that waits for data must also end on a signal.
  const chunks = addAbortSignal(signal, process.stdin).iterator() as AsyncIterator<Buffer>;
  const taken: Buffer[] = [];
  let head = Buffer.alloc(0);
  while (head.byteLength < magicByteLength) {
    const next = await chunks.next();
    if (next.done === true) break;
    taken.push(next.value);
    head = Buffer.concat(taken);
  }
  const all = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    yield head;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  if (detectFormat(head, "standard input") !== "arrow-stream") return await openSpooled(all(), signal);
  return {
    chunks: toLocalStream(readIpcStream(all())),
    total: {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function openSpooled(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Input> {
  const folder = await mkdtemp(join(tmpdir(), "hangar-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, "standard input");
    await pipeline(Readable.from(chunks), createWriteStream(path), { signal });
    const input = await openInput(path, signal);
    const dispose = async (): Promise<void> => {
      await input[Symbol.asyncDispose]();
      await remove();
    };
    return { ...input, [Symbol.asyncDispose]: dispose };
  } catch (reason) {
    await remove();
    throw reason;
  }
}

async function openParquet(path: string, signal: AbortSignal): Promise<Input> {
  const { ParquetPool, readParquetFacts, readParquetFrames } = await import("../parquet/index.ts");
  const { openLocalFile } = await import("../storage/index.ts");
  const pool = new ParquetPool();
  const file = await openLocalFile(path);
  const close = async (): Promise<void> => {
    await file.close();
    await pool.close();
  };
  try {
    const facts = await readParquetFacts(pool, file, { signal });
    return {
      chunks: toLocalStream(readParquetFrames(pool, file, facts, { signal })),
      total: { rows: Number(facts.rowCount) },
      [Symbol.asyncDispose]: close,
    };
  } catch (reason) {
    await close();
    throw toLocalError(reason);
  }
}

/** Encodes the frames of a file. An error of a damaged file is local: it has no code, as the errors of a server have. */
async function* toLocalStream(frames: AsyncIterable<FlightFrame>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* toIpcStream(frames);
  } catch (reason) {
    throw toLocalError(reason);
  }
}

function toLocalError(reason: unknown): unknown {
  return reason instanceof FlightError ? new Error(reason.message, { cause: reason }) : reason;
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(magicByteLength), 0, magicByteLength, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
