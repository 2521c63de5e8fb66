import { Readable } from "node:stream";
import { finished } from "node:stream/promises";

/**
 * Reads the body of an answer into memory.
 *
 * @returns the number of bytes; less than the length of the memory if the body is shorter
 * @param onBytes - gets the number of bytes of each chunk, even if the body is truncated after it
 */
export async function readBody(
  body: unknown,
  into: Uint8Array,
  { signal, onBytes }: { signal?: AbortSignal | undefined; onBytes?: (byteLength: number) => void } = {},
): Promise<number> {
  if (!(body instanceof Readable)) throw new TypeError("the S3 client gave no body");
  let filled = 0;
  // Listening costs less than an iterator, which has a promise for each chunk.
  body.on("data", (chunk: Uint8Array) => {
    const part = chunk.subarray(0, into.byteLength - filled);
    into.set(part, filled);
    filled += part.byteLength;
    onBytes?.(part.byteLength);
  });
  // The client's own signal has no effect after the headers.
  const stop = (): void => void body.destroy(signal?.reason as Error);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await finished(body);
    return filled;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
