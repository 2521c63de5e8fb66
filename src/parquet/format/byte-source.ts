import { readSync } from "node:fs";
import type { OpenFile } from "../workers/worker-protocol.ts";

/** Bytes that can be read from anywhere: a file, or what is made to look like one. */
export interface ByteSource {
  readonly byteLength: number;
  /** The bytes from `start` to `end` (exclusive), in memory of their own. @throws Error where there are none any more */
  read(start: number, end: number): Uint8Array<ArrayBuffer>;
}

/** An open file. Reading blocks, which a worker may do. */
export function createFileSource({ fd, byteLength }: OpenFile): ByteSource {
  return {
    byteLength,
    read(start, end) {
      const bytes = new Uint8Array(end - start);
      for (let filled = 0; filled < bytes.byteLength;) {
        filled += readSome(fd, bytes.subarray(filled), start + filled);
      }
      return bytes;
    },
  };
}

/** Why the disk gave no bytes; parquet-wasm hides the error that it met on its way. */
let failure: string | undefined;

/**
 * Takes out what the disk failed with since this was last called in this thread: the system's name of the error. Whatever
 * a job ends with then says nothing of the bytes of its file.
 */
export function takeDiskFailure(): string | undefined {
  const taken = failure;
  failure = undefined;
  return taken;
}

function readSome(fd: number, target: Uint8Array, position: number): number {
  try {
    const byteLength = readSync(fd, target, 0, target.byteLength, position);
    if (byteLength > 0) return byteLength;
  } catch (reason) {
    failure = (reason as NodeJS.ErrnoException).code ?? "EIO";
    throw reason;
  }
  failure = "EIO";
  throw new Error("the file became shorter while it was read");
}

/** What lies between `start` and `end` (exclusive) of a source, and bytes behind it. */
export function createJoinedSource(source: ByteSource, [start, end]: [number, number], behind: Uint8Array): ByteSource {
  const length = end - start;
  return {
    byteLength: length + behind.byteLength,
    read(from, to) {
      if (to <= length) return source.read(start + from, start + to);
      const bytes = new Uint8Array(to - from);
      if (from < length) bytes.set(source.read(start + from, end));
      bytes.set(behind.subarray(Math.max(0, from - length), to - length), Math.max(0, length - from));
      return bytes;
    },
  };
}
