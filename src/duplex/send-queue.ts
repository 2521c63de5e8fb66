import { FlightError } from "../flight/index.ts";

/** A piece of a request's body, as a Send brings it. */
export interface Piece {
  readonly data: Uint8Array;
  /** Whether the body ends behind it. */
  readonly isEnd: boolean;
}

/** A piece that has come, and waits for its turn or for room. */
interface WaitingPiece extends Piece {
  readonly accepted: PromiseWithResolvers<void>;
}

/** How much a queue holds. */
export interface SendQueueLimits {
  /** Bytes that wait for the reader; the piece that fills it up may exceed it. */
  readonly queueBytesMax: number;
  /** Pieces that may wait for their turn, from the next one on. */
  readonly window: number;
}

/**
 * Puts the pieces of a request's body, which come out of order and more than once, into their order, and holds
 * them for one reader. A piece is accepted when there is room for it in the queue.
 */
export class SendQueue {
  readonly #limits: SendQueueLimits;
  readonly #waiting = new Map<number, WaitingPiece>();
  readonly #queue: Uint8Array[] = [];
  #queuedByteLength = 0;
  #nextSequence = 0;
  #isEnded = false;
  #failure: { readonly reason: unknown } | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(limits: SendQueueLimits) {
    this.#limits = limits;
  }

  /**
   * Takes a piece. The promise resolves when the piece is accepted. A piece may be offered several times.
   *
   * @param sequence - the number of the piece, from 0
   * @throws FlightError OUT_OF_RANGE if the number is beyond the window; FAILED_PRECONDITION if the body has ended
   * before the piece; the queue's error if it has failed
   */
  async offer(sequence: number, piece: Piece): Promise<void> {
    if (this.#failure) throw this.#failure.reason;
    if (sequence < this.#nextSequence) return;
    if (this.#isEnded) throw new FlightError("failed_precondition", `the request ended before piece ${sequence}`);
    if (sequence >= this.#nextSequence + this.#limits.window) {
      throw new FlightError("out_of_range", `piece ${sequence} is beyond the window of ${this.#limits.window}`);
    }
    let waiting = this.#waiting.get(sequence);
    if (waiting === undefined) {
      waiting = { ...piece, accepted: Promise.withResolvers() };
      // Nobody may be listening any more when it fails.
      waiting.accepted.promise.catch(() => {});
      this.#waiting.set(sequence, waiting);
      this.#advance();
    }
    await waiting.accepted.promise;
  }

  /** Ends the queue: what waits is refused with the reason, and the reader gets it next. */
  fail(reason: unknown): void {
    if (this.#failure) return;
    this.#failure = { reason };
    for (const waiting of this.#waiting.values()) waiting.accepted.reject(reason);
    this.#waiting.clear();
    this.#queue.length = 0;
    this.#changed.resolve();
  }

  /** The body's bytes in order, to be read once; throws the reason when the queue fails. */
  async *read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.#failure) throw this.#failure.reason;
      const data = this.#queue.shift();
      if (data !== undefined) {
        this.#queuedByteLength -= data.byteLength;
        this.#advance();
        yield data;
      } else if (this.#isEnded) {
        return;
      } else {
        await this.#changed.promise;
      }
    }
  }

  #advance(): void {
    for (;;) {
      const next = this.#waiting.get(this.#nextSequence);
      if (next === undefined || this.#queuedByteLength >= this.#limits.queueBytesMax) break;
      this.#waiting.delete(this.#nextSequence);
      this.#nextSequence += 1;
      this.#isEnded ||= next.isEnd;
      if (next.data.byteLength > 0) {
        this.#queue.push(next.data);
        this.#queuedByteLength += next.data.byteLength;
      }
      next.accepted.resolve();
    }
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
