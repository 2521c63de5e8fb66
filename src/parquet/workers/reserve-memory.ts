import { Table, wasmMemory } from "parquet-wasm";
import { reservedBytesMax, reservedColumnBytes } from "./limits.ts";

/**
 * An empty IPC stream that claims another length. parquet-wasm allocates its memory by `length`, and copies the bytes
 * that are there.
 */
class ClaimedStream extends Uint8Array {
  readonly #byteLength: number;

  constructor(byteLength: number) {
    super(8);
    this.#byteLength = byteLength;
  }

  override get length(): number {
    return this.#byteLength;
  }
}

/**
 * Grows wasm memory in one step to what a job will need. parquet-wasm's allocator grows it by 64 KiB otherwise, and V8
 * needs 0.15 ms and counts all of the memory as garbage each time. Memory that is not used takes no memory of the system.
 *
 * @param byteLength - the size of the job's rows in Arrow, in bytes
 */
export function reserveMemory({ byteLength, columnCount }: { byteLength: number; columnCount: number }): void {
  const wanted = Math.min(2 * byteLength + reservedColumnBytes * columnCount, reservedBytesMax);
  const missing = wanted - wasmMemory().buffer.byteLength;
  if (missing <= 0) return;
  try {
    Table.fromIPCStream(new ClaimedStream(missing)).free();
  } catch {
    // An empty stream is refused. Its memory is free for the job.
  }
}
