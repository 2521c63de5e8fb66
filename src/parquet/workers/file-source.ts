import { readSync } from "node:fs";
import type { ByteSource } from "../format/byte-source.ts";
import { takeReadMemory } from "./read-memory.ts";
import { readRequested } from "./request-bytes.ts";
import type { OpenFile } from "./worker-protocol.ts";

/** The descriptor of the running job's file. Undefined if it has none. */
let fd: number | undefined;

/** Makes all sources read the file of a job, which starts. Each open file of a version has another descriptor. */
export function useJobFile(file: OpenFile | undefined): void {
  fd = file?.fd;
}

/**
 * Returns a source for a file. It can be read while a job runs that has the same version of the file. Reads block, which
 * is allowed in a worker.
 */
export function createFileSource({ byteLength }: OpenFile): ByteSource {
  return {
    byteLength,
    read(start, end) {
      if (fd === undefined) return noteFailure(() => readRequested(start, end, byteLength));
      const descriptor = fd;
      const bytes = takeReadMemory(end - start);
      for (let filled = 0; filled < bytes.byteLength;) {
        filled += noteFailure(() => readSome(descriptor, bytes.subarray(filled), start + filled));
      }
      return bytes;
    },
  };
}

/** The error of a read. parquet-wasm hides the errors of reads. */
let failure: string | undefined;

/**
 * Returns the system's code of the last failed read in this thread, and clears it. After a failed read, an error of the
 * job does not mean that the file is invalid.
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
