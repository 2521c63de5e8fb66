/**
 * The bytes that are collected while the previous ones are written. Chunks have the size of HTTP/2 frames. Written alone,
 * each would be a hop to another thread and back.
 */
const collectedBytesMax = 4 * 1024 * 1024;

/** The part of Node's `FileHandle` that is needed. */
interface WritableFile {
  writev(pieces: readonly Uint8Array[]): Promise<{ readonly bytesWritten: number }>;
}

/**
 * Writes chunks to a file, and gets the next ones meanwhile. A stream of Node would take more time for each chunk than
 * everything else that is done with it.
 *
 * @throws errors of the file and of the chunks; the reason of the signal
 */
export async function writeChunks(
  chunks: AsyncIterable<Uint8Array | string>,
  file: WritableFile,
  signal: AbortSignal,
): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([aborted, writeAll(chunks, file)]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function writeAll(chunks: AsyncIterable<Uint8Array | string>, file: WritableFile): Promise<void> {
  let collected: Uint8Array[] = [];
  let collectedBytes = 0;
  let writing = Promise.resolve();
  const write = async (): Promise<void> => {
    // One write at a time, so that no more is in memory than what is collected and what is written.
    await writing;
    writing = writePieces(file, collected);
    // Its error is thrown by the next write.
    writing.catch(() => {});
    collected = [];
    collectedBytes = 0;
  };
  for await (const chunk of chunks) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    collected.push(bytes);
    collectedBytes += bytes.byteLength;
    if (collectedBytes >= collectedBytesMax) await write();
  }
  await write();
  await writing;
}

/** A call may write less than it was given. */
async function writePieces(file: WritableFile, pieces: readonly Uint8Array[]): Promise<void> {
  let left = pieces.filter(({ byteLength }) => byteLength > 0);
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left);
    left = dropBytes(left, bytesWritten);
  }
}

function dropBytes(pieces: readonly Uint8Array[], byteLength: number): Uint8Array[] {
  let rest = byteLength;
  const left: Uint8Array[] = [];
  for (const piece of pieces) {
    const dropped = Math.min(rest, piece.byteLength);
    rest -= dropped;
    if (dropped < piece.byteLength) left.push(piece.subarray(dropped));
  }
  return left;
}
