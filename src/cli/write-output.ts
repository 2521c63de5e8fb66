import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { escapeControlsInLines } from "./escape-controls.ts";
import { toFileError } from "./file-error.ts";

/**
 * The bytes that are collected while the previous ones are written. Chunks have the size of HTTP/2 frames. Written alone,
 * each would be a hop to another thread and back.
 */
const collectedBytesMax = 4 * 1024 * 1024;

/**
 * Writes chunks to a file, or to standard output if the path is undefined. A file appears when it is complete. If the
 * reader of standard output stops early, this is not an error. On a terminal, the chunks are text, and their control
 * characters are escaped.
 *
 * @throws Error that names the path if the file cannot be written; errors of the chunks
 */
export async function writeOutput(
  chunks: AsyncIterable<Uint8Array | string>,
  path: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (path === undefined) return await writeToStandardOutput(chunks, signal);
  const draft = `${path}.${randomUUID()}.part`;
  try {
    const file = createWriteStream(draft, { flags: "wx", highWaterMark: collectedBytesMax });
    await pipeline(Readable.from(chunks), file, { signal });
    await rename(draft, path);
  } catch (reason) {
    await rm(draft, { force: true });
    throw toFileError(reason, path);
  }
}

/** Creates the folder of a file, if it does not exist. Throws Error that names the file. */
export async function createFolderOf(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (reason) {
    throw toFileError(reason, path);
  }
}

/** Returns whether a path is a folder, or ends as one. */
export async function isFolder(path: string): Promise<boolean> {
  if (path.endsWith("/")) return true;
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function writeToStandardOutput(chunks: AsyncIterable<Uint8Array | string>, signal: AbortSignal): Promise<void> {
  const shown = process.stdout.isTTY ? toTerminalText(chunks) : chunks;
  try {
    await pipeline(Readable.from(shown), process.stdout, { end: false, signal });
  } catch (reason) {
    if (!(reason instanceof Error && "code" in reason && reason.code === "EPIPE")) throw reason;
  }
}

async function* toTerminalText(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    yield escapeControlsInLines(typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
  }
}
