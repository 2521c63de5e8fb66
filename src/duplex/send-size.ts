import { duplexFirstSendBytes } from "./limits.ts";

/** The size below which Sends do not shrink, in bytes: one read of a socket. */
const sendBytesMin = 64 * 1024;

/** The time in which a Send must be accepted so that the next ones grow, in milliseconds. */
const growWithinMs = 1_000;

/**
 * The time after which the next Sends shrink, in milliseconds. It is far below `duplexSendTimeoutMs`, so that a Send
 * over a slow line does not have to be repeated.
 */
const shrinkAfterMs = 6_000;

/**
 * Chooses the size of the Sends to a server. Sends start small and double while the server accepts them quickly, up to
 * a size that something on the way refuses.
 */
export class SendSize {
  #byteLength = duplexFirstSendBytes;
  /** The size of the largest accepted Send. */
  #provenByteLength = 0;
  #byteLengthMax = Infinity;

  /** The size of the next Send in bytes. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** Records that a Send was accepted, and after which time. */
  accepted(byteLength: number, durationMs: number): void {
    this.#provenByteLength = Math.max(this.#provenByteLength, byteLength);
    if (durationMs > shrinkAfterMs) this.#shrink(byteLength);
    else if (durationMs < growWithinMs && byteLength >= this.#byteLength) this.#set(2 * byteLength);
  }

  /** Records that a Send took too long. */
  timedOut(byteLength: number): void {
    this.#shrink(byteLength);
  }

  /** Records that a Send was refused because of its size. No later Send to this server has this size. */
  refused(byteLength: number): void {
    const proven = this.#provenByteLength;
    this.#byteLengthMax = Math.max(sendBytesMin, proven < byteLength && proven > 0 ? proven : byteLength / 2);
    this.#set(this.#byteLength);
  }

  /**
   * Records that a Send got no response. If it was larger than each one before, its size may be the reason: a page
   * cannot see the status 413 of a proxy on another origin.
   */
  lost(byteLength: number): void {
    if (byteLength > Math.max(this.#provenByteLength, duplexFirstSendBytes)) this.refused(byteLength);
  }

  #shrink(byteLength: number): void {
    this.#set(Math.min(this.#byteLength, byteLength / 2));
  }

  #set(byteLength: number): void {
    this.#byteLength = Math.floor(Math.max(sendBytesMin, Math.min(byteLength, this.#byteLengthMax)));
  }
}

const sizes = new Map<string, SendSize>();

/** Returns the size of Sends to a server. All streams of a page share it, so that a refused size is tried only once. */
export function sendSizeOf(base: string): SendSize {
  let size = sizes.get(base);
  if (size === undefined) sizes.set(base, (size = new SendSize()));
  return size;
}
