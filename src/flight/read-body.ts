import type { Allocate, ByteReader } from "./byte-reader.ts";
import type { FlightFrame } from "./frame.ts";
import { gatheredBodyBytesMax, gatheredBodyBytesMin } from "./limits.ts";
import { freePieces } from "./pieces.ts";

/** A body, and how to free its memory if it has memory of its own. */
export interface ReadBody extends Pick<FlightFrame, "release"> {
  readonly body: Uint8Array[];
}

/**
 * Reads the body of a message. A body of usual size is copied together as it arrives, if there is memory for it. Otherwise,
 * it consists of views of the chunks.
 *
 * @param allocate - returns memory for the body
 */
export async function readBody(
  reader: ByteReader,
  byteLength: number,
  allocate: Allocate | undefined,
): Promise<ReadBody> {
  const isGathered = byteLength >= gatheredBodyBytesMin && byteLength <= gatheredBodyBytesMax;
  if (allocate === undefined || !isGathered) return { body: await reader.readPieces(byteLength) };
  const body = [await reader.readWhole(byteLength, allocate)];
  return { body, release: () => freePieces(body) };
}
