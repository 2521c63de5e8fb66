import type { FlightFrame } from "./frame.ts";

/** An encoded FlightData message, as it is sent over the network. */
export interface WireMessage {
  /** The length of the encoded message in bytes. */
  readonly byteLength: number;
  /**
   * The encoded message, in chunks as they arrive. It can be read once, before the next message is requested. Bytes that
   * were not read by then are skipped.
   */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A message's body, and what to do when it has been sent; or the whole message, in place of the one in the envelope. */
export interface QueuedBody extends Pick<FlightFrame, "body" | "release"> {
  readonly message?: WireMessage;
}

/** The body of a message that has none. */
export const noBody: QueuedBody = { body: [] };

/** The bodies that belong to messages on their way through Connect, first in, first out. */
export class BodyQueue {
  readonly #bodies: QueuedBody[] = [];

  /** Adds the body of the next message; no pieces if it has none. */
  push(body: QueuedBody): void {
    this.#bodies.push(body);
  }

  /** Takes the body of the next message. */
  shift(): QueuedBody {
    return this.#bodies.shift() ?? noBody;
  }
}

/** The functions to call when a chunk, and with it its whole body, has been sent. */
const releases = new WeakMap<Uint8Array, () => void>();

/** Reports that a chunk of `attachBodies` or `whenSent` has been sent, so that its memory can be reused. */
export function releaseChunk(chunk: Uint8Array): void {
  releases.get(chunk)?.();
}

/** Calls `release` when a chunk of a response has been sent; never if the client disconnects before. */
export function whenSent(chunk: Uint8Array, release: () => void): void {
  releases.set(chunk, release);
}
