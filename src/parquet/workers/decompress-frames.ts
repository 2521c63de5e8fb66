import { createFrame, joinBody, type FlightFrame } from "../../flight/index.ts";
import { expandedBodyByteLength } from "../../arrow/index.ts";
import { expandedBodyBytesMax } from "../limits.ts";
import { toWriteError } from "../write/file-assembler.ts";
import type { ParquetPool } from "./pool.ts";

/**
 * Frames without compression of their bodies: what comes compressed (LZ4 or ZSTD) is expanded by a worker, one
 * frame at a time, when it is asked for and there is room in the budget of uploads. All others are passed on as they are.
 *
 * @throws FlightError INVALID_ARGUMENT where a body is not what it declares, RESOURCE_EXHAUSTED where it would
 * be larger than `expandedBodyBytesMax`
 */
export async function* decompressFrames(
  pool: ParquetPool,
  frames: AsyncIterable<FlightFrame>,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<FlightFrame, void, undefined> {
  const stream = {};
  for await (const frame of frames) {
    // Asked before any of it is expanded: a few bytes may declare gigabytes.
    const byteLength = expandedBodyByteLength(frame, { bodyBytesMax: expandedBodyBytesMax });
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
