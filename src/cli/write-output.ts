import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * Writes chunks to a file, or to standard output if the path is undefined. A file appears when it is complete. If the
 * reader of standard output stops early, this is not an error.
 */
export async function writeOutput(
  chunks: AsyncIterable<Uint8Array | string>,
  path: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (path === undefined) return await writeToStandardOutput(chunks, signal);
  const draft = `${path}.${randomUUID()}.part`;
  try {
    await pipeline(Readable.from(chunks), createWriteStream(draft, { flags: "wx" }), { signal });
    await rename(draft, path);
  } catch (reason) {
    await rm(draft, { force: true });
    throw reason;
  }
}

async function writeToStandardOutput(chunks: AsyncIterable<Uint8Array | string>, signal: AbortSignal): Promise<void> {
  try {
    await pipeline(Readable.from(chunks), process.stdout, { end: false, signal });
  } catch (reason) {
    if (!(reason instanceof Error && "code" in reason && reason.code === "EPIPE")) throw reason;
  }
}
