import { FlightError } from "../flight/index.ts";

/** The limits of a queue. */
export interface SendQueueLimits {
  /** The number of bytes that may wait for the reader. The chunk that reaches the limit may exceed it. */
  readonly queueBytesMax: number;
  /** How far bytes may be ahead of the accepted ones, in bytes. */
  readonly windowBytes: number;
}

/**
 * The body of an inner request, for one reader. Sends bring parts of it, in any order, also more than once. Each part
 * is known by its byte offset in the body. The chunks are not copied.
 */
export class SendQueue {
  readonly #limits: SendQueueLimits;
  readonly #queue: Uint8Array[] = [];
  #queuedByteLength = 0;
  #acceptedByteLength = 0;
  #byteLength = Infinity;
  #failure: { readonly reason: unknown } | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(limits: SendQueueLimits) {
    this.#limits = limits;
  }

  /** The number of bytes that were accepted, from the start of the body. */
  get acceptedByteLength(): number {
    return this.#acceptedByteLength;
  }

  /** Resolves when a refused offer may succeed: bytes were accepted or read, or the queue failed. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  /**
   * Offers bytes of the body. Bytes that were accepted before are skipped.
   *
   * @param byteOffset - the position of the chunk in the body
   * @returns whether the bytes were accepted; false if earlier bytes are missing or the queue is full
   * @throws FlightError OUT_OF_RANGE if the offset is beyond the window; FAILED_PRECONDITION if the body ends before
   * the end of the chunk; the queue's error if it has failed
   */
  offer(byteOffset: number, chunk: Uint8Array): boolean {
    if (this.#failure) throw this.#failure.reason;
    const accepted = this.#acceptedByteLength;
    const byteEnd = byteOffset + chunk.byteLength;
    if (byteEnd > this.#byteLength) throw this.#endedBefore(byteEnd);
    if (byteOffset > accepted + this.#limits.windowBytes) {
      const words = `byte ${byteOffset} is beyond the window of ${this.#limits.windowBytes} bytes, which begins at byte ${accepted}`;
      throw new FlightError("out_of_range", words);
    }
    if (byteOffset > accepted) return false;
    if (byteEnd <= accepted) return true;
    if (this.#queuedByteLength >= this.#limits.queueBytesMax) return false;
    const data = chunk.subarray(accepted - byteOffset);
    this.#queue.push(data);
    this.#queuedByteLength += data.byteLength;
    this.#acceptedByteLength = byteEnd;
    this.#wake();
    return true;
  }

  /**
   * Sets the length of the body. All bytes before must have been accepted.
   *
   * @throws FlightError FAILED_PRECONDITION if bytes behind it were accepted, or if the length was set differently
   */
  end(byteLength: number): void {
    if (byteLength > this.#byteLength) throw this.#endedBefore(byteLength);
    if (byteLength < this.#acceptedByteLength) {
      const words = `the request cannot end at byte ${byteLength}; it has ${this.#acceptedByteLength} bytes already`;
      throw new FlightError("failed_precondition", words);
    }
    this.#byteLength = byteLength;
    this.#wake();
  }

  /** Ends the queue. Later offers are refused with the reason, and the reader gets it next. */
  fail(reason: unknown): void {
    if (this.#failure) return;
    this.#failure = { reason };
    this.#queue.length = 0;
    this.#wake();
  }

  /** Returns the bytes of the body in order, to be read once. @throws the reason when the queue fails */
  async *read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.#failure) throw this.#failure.reason;
      const data = this.#queue.shift();
      if (data !== undefined) {
        const wasFull = this.#queuedByteLength >= this.#limits.queueBytesMax;
        this.#queuedByteLength -= data.byteLength;
        if (wasFull) this.#wake();
        yield data;
      } else if (this.#acceptedByteLength === this.#byteLength) {
        return;
      } else {
        await this.#changed.promise;
      }
    }
  }

  #endedBefore(byteEnd: number): FlightError {
    return new FlightError("failed_precondition", `the request ended before byte ${byteEnd}, at ${this.#byteLength}`);
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
