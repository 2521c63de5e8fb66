import { keptReadBytesMax, keptReadBytesMin } from "./limits.ts";

/** The memory of the last large read; undefined while a job uses it. */
let kept: ArrayBuffer | undefined;

/**
 * Returns memory for a read, with arbitrary content. Large memory is used again: the allocator would return it to the
 * system after each job, and fresh memory makes V8 collect the whole heap.
 */
export function takeReadMemory(byteLength: number): Uint8Array<ArrayBuffer> {
  // A `Buffer` has other methods than the arrays that readers expect.
  if (!isKept(byteLength)) return new Uint8Array(Buffer.allocUnsafeSlow(byteLength).buffer);
  const buffer = kept ?? new ArrayBuffer(byteLength, { maxByteLength: keptReadBytesMax });
  kept = undefined;
  buffer.resize(byteLength);
  return new Uint8Array(buffer);
}

/** Takes back the memory of a read that nothing uses any more: keeps it, or frees it before the garbage collector would. */
export function giveReadMemoryBack(buffer: ArrayBuffer): void {
  if (kept === undefined && buffer.resizable) kept = buffer;
  else buffer.transferToFixedLength(0);
}

/** Frees the kept memory. */
export function freeReadMemory(): void {
  kept?.transferToFixedLength(0);
  kept = undefined;
}

function isKept(byteLength: number): boolean {
  return byteLength >= keptReadBytesMin && byteLength <= keptReadBytesMax;
}
