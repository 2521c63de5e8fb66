import { Readable } from "node:stream";

/**
 * Reads the body of an answer into memory.
 *
 * @returns the number of bytes; less than the length of the memory if the body is shorter
 * @param onBytes - gets the total number of received bytes, even if the body is truncated after them
 */
export async function readBody(
  body: unknown,
  into: Uint8Array,
  { signal, onBytes }: { signal?: AbortSignal | undefined; onBytes?: (byteLength: number) => void } = {},
): Promise<number> {
  if (!(body instanceof Readable)) throw new TypeError("the S3 client gave no body");
  // The client's own signal has no effect after the headers.
  const stop = (): void => void body.destroy(signal?.reason as Error);
  signal?.addEventListener("abort", stop, { once: true });
  let filled = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      const part = chunk.subarray(0, into.byteLength - filled);
      into.set(part, filled);
      filled += part.byteLength;
      onBytes?.(filled);
    }
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  return filled;
}
