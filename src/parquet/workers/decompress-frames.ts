import { createFrame, expandedBodyBytesMax, joinBody, type FlightFrame } from "../../flight/index.ts";
import { expandedBodyByteLength } from "../../arrow/index.ts";
import { toWriteError } from "../write/file-assembler.ts";
import type { ParquetPool } from "./pool.ts";

/**
 * Yields frames with uncompressed bodies. A worker expands one frame with LZ4 or ZSTD at a time, when the consumer
 * requests it and the upload budget has room. Other frames are passed on unchanged.
 *
 * @throws FlightError INVALID_ARGUMENT if a body differs from its declared length, RESOURCE_EXHAUSTED if it would
 * exceed `batchBytesMax`
 *
 * @param options - `batchBytesMax` is the largest body after decompression in bytes, at most `expandedBodyBytesMax`,
 * which is the default
 */
export async function* decompressFrames(
  pool: ParquetPool,
  frames: AsyncIterable<FlightFrame>,
  { signal, batchBytesMax = expandedBodyBytesMax }: { signal: AbortSignal; batchBytesMax?: number | undefined },
): AsyncGenerator<FlightFrame, void, undefined> {
  const stream = {};
  for await (const frame of frames) {
    // Checked before any byte is expanded, because a few bytes may declare gigabytes.
    const byteLength = expandedBodyByteLength(frame, { bodyBytesMax: batchBytesMax });
    if (byteLength === undefined) {
      yield frame;
      continue;
    }
    const claim = await pool.uploads.claims.expand(byteLength, signal);
    try {
      const body = Uint8Array.from(joinBody(frame));
      const job = { kind: "decompress", header: frame.header, body } as const;
      const moved = await pool.run(job, { stream, transfer: [body.buffer], signal }).catch((reason: unknown) => {
        throw toWriteError(reason);
      });
      yield createFrame({ ...frame, ...moved });
    } finally {
      claim.release();
    }
  }
}
