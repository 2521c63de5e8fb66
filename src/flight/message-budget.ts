import type { ByteReader } from "./byte-reader.ts";

/** Memory for one message, from before its first byte is read until whoever gets it asks for the next. */
export interface MessageClaim {
  /** Rejects when the claim is taken away, as its message does not come while others wait. */
  readonly revoked: Promise<never>;
  /** Notes that so many bytes have come. */
  advance(byteLength: number): void;
  /** Notes that all of it has come: from now on nobody waits for the peer, and the claim stays. */
  complete(): void;
  /** Gives the memory back; may be called again. */
  release(): void;
}

/** Memory that all messages under way share. */
export interface MessageBudget {
  /**
   * Waits until there is room for so many bytes.
   *
   * @throws FlightError RESOURCE_EXHAUSTED where there is none for long
   */
  claim(byteLength: number): Promise<MessageClaim>;
}

/**
 * Reads a message under its claim. When that is taken away meanwhile, what has come is let go, and nobody waits for
 * the peer any more.
 *
 * @throws what `read` throws, or what the claim was taken away with
 */
export async function readClaimed<T>(
  reader: ByteReader,
  claim: MessageClaim | undefined,
  read: () => Promise<T>,
): Promise<T> {
  if (claim === undefined) return await read();
  reader.onBytes = (byteLength) => claim.advance(byteLength);
  const revoked = claim.revoked.catch((reason: unknown) => {
    reader.drop();
    throw reason;
  });
  try {
    const message = await Promise.race([read(), revoked]);
    claim.complete();
    return message;
  } finally {
    reader.onBytes = undefined;
  }
}
