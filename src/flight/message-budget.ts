import type { ByteReader } from "./byte-reader.ts";

/** Memory for one message. It is held from before the first byte is read until the receiver asks for the next message. */
export interface MessageClaim {
  /** Rejects when the claim is revoked, because its message does not arrive while other messages wait for memory. */
  readonly revoked: Promise<never>;
  /** Records that bytes of the message have arrived. */
  advance(byteLength: number): void;
  /** Records that the whole message has arrived. The claim is not revoked after that. */
  complete(): void;
  /** Releases the memory. Further calls have no effect. */
  release(): void;
}

/** The memory that all messages in transfer share. */
export interface MessageBudget {
  /**
   * Waits until `byteLength` bytes are free.
   *
   * @throws FlightError RESOURCE_EXHAUSTED if no memory becomes free in time
   */
  claim(byteLength: number): Promise<MessageClaim>;
}

/**
 * Reads a message under its claim. If the claim is revoked, the bytes that have arrived are dropped, and nothing waits
 * for the peer.
 *
 * @throws errors of `read`; the reason of the revocation
 */
export async function readClaimed<T>(
  reader: ByteReader,
  claim: MessageClaim | undefined,
  read: () => Promise<T>,
): Promise<T> {
  if (claim === undefined) return await read();
  const advance = (byteLength: number): void => claim.advance(byteLength);
  reader.onBytes = advance;
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
