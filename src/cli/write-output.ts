import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { chmod, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { escapeControlsInLines } from "./escape-controls.ts";
import { toFileError } from "./file-error.ts";
import { writeChunks } from "./write-chunks.ts";
import { makeFolders, removeEmptyFolders } from "./make-folders.ts";
import { findOutputTarget, type OutputTarget } from "./output-target.ts";

/**
 * Writes chunks to a file, or to standard output if the path is undefined. A regular file appears when it is complete,
 * and has the mode of the file that it replaces. Into anything else, such as a FIFO or a device, the chunks are written
 * as they come. If the reader stops early, this is not an error. On a terminal, the chunks are text, and their control
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
  try {
    const target = await findOutputTarget(path);
    if (target.kind === "stdout") await writeToStandardOutput(chunks, signal);
    else if (target.kind === "special") await writeInto(chunks, path, signal);
    else await replaceFile(chunks, target, signal);
  } catch (reason) {
    throw toFileError(reason, path, { ENOENT: `there is no folder ${dirname(path)}` });
  }
}

async function replaceFile(
  chunks: AsyncIterable<Uint8Array | string>,
  { path, mode }: Extract<OutputTarget, { kind: "file" }>,
  signal: AbortSignal,
): Promise<void> {
  const draft = `${path}.${randomUUID()}.part`;
  try {
    await using file = await open(draft, "wx", mode);
    await writeChunks(chunks, file, signal);
    // The process's umask may have removed bits.
    if (mode !== undefined) await chmod(draft, mode);
    await rename(draft, path);
  } catch (reason) {
    await rm(draft, { force: true });
    throw reason;
  }
}

/** Writes into a FIFO or a device. It is opened without the flag that would create a file. */
async function writeInto(chunks: AsyncIterable<Uint8Array | string>, path: string, signal: AbortSignal): Promise<void> {
  const file = await open(path, constants.O_WRONLY);
  await ignoreEarlyEnd(pipeline(Readable.from(chunks), file.createWriteStream(), { signal }));
}

/**
 * Runs what writes a file, in a folder that is created if it does not exist. Removes the new folder again if `write` throws
 * and has left nothing in it.
 *
 * @throws Error that names the file; errors of `write`
 */
export async function inNewFolder<T>(path: string, write: () => Promise<T>): Promise<T> {
  let folders: readonly string[];
  try {
    folders = makeFolders(dirname(path));
  } catch (reason) {
    throw toFileError(reason, path);
  }
  try {
    return await write();
  } catch (reason) {
    removeEmptyFolders(folders);
    throw reason;
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
  await ignoreEarlyEnd(pipeline(Readable.from(shown), process.stdout, { end: false, signal }));
}

async function ignoreEarlyEnd(writing: Promise<void>): Promise<void> {
  await writing.catch((reason: unknown) => {
    if (!(reason instanceof Error && "code" in reason && reason.code === "EPIPE")) throw reason;
  });
}

async function* toTerminalText(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    yield escapeControlsInLines(typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
  }
}
