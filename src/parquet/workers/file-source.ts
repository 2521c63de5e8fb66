import { readSync } from "node:fs";
import type { ByteSource } from "../format/byte-source.ts";
import { readRequested } from "./request-bytes.ts";
import type { OpenFile } from "./worker-protocol.ts";

/** The file of the job that runs. Reading blocks, which a worker may do. */
export function createFileSource({ fd, byteLength }: OpenFile): ByteSource {
  return {
    byteLength,
    read(start, end) {
      if (fd === undefined) return noteFailure(() => readRequested(start, end, byteLength));
      const bytes = new Uint8Array(end - start);
      for (let filled = 0; filled < bytes.byteLength;) {
        filled += noteFailure(() => readSome(fd, bytes.subarray(filled), start + filled));
      }
      return bytes;
    },
  };
}

/** Why a file gave no bytes; parquet-wasm hides the error that it met on its way. */
let failure: string | undefined;

/**
 * Takes out what a read failed with since this was last called in this thread: the system's name of the error. Whatever
 * a job ends with then says nothing of the bytes of its file.
 */
export function takeReadFailure(): string | undefined {
  const taken = failure;
  failure = undefined;
  return taken;
}

function noteFailure<T>(read: () => T): T {
  try {
    return read();
  } catch (reason) {
    failure = (reason as NodeJS.ErrnoException).code ?? "EIO";
    throw reason;
  }
}

function readSome(fd: number, target: Uint8Array, position: number): number {
  const byteLength = readSync(fd, target, 0, target.byteLength, position);
  if (byteLength === 0) throw new Error("the file became shorter while it was read");
  return byteLength;
}
