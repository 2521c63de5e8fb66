import { randomBytes } from "node:crypto";
import type { Places } from "../limits/places.ts";
import { SendQueue } from "../../duplex/index.ts";
import { duplexIdleTimeoutMs, duplexQueueBytesMax, duplexWindow, FlightError } from "../../flight/index.ts";

/** One duplex stream, from its Open to the end of that. */
export interface DuplexStream {
  readonly id: string;
  /** Only Sends of this caller are taken. */
  readonly caller: string;
  /** The request's body, as Sends bring it. */
  readonly queue: SendQueue;
  /** Aborted when the stream has gone without a sign of life for too long. */
  readonly idle: AbortSignal;
  /** A sign of life: a Send came, or a byte of the answer went. */
  touch(): void;
  /** Ends the stream. Later pieces are refused. */
  close(): void;
}

/** The duplex streams that are open, by their ids. */
export class DuplexStreams {
  readonly #streams = new Map<string, DuplexStream>();
  readonly #places: Places;
  readonly #idleTimeoutMs: number;

  constructor(places: Places, idleTimeoutMs = duplexIdleTimeoutMs) {
    this.#places = places;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** @throws FlightError RESOURCE_EXHAUSTED if the caller has too many open streams */
  open(caller: string): DuplexStream {
    const release = this.#places.take(caller);
    const idle = new AbortController();
    const timer = setTimeout(() => {
      idle.abort(
        new FlightError("aborted", `nothing was sent in either direction for ${this.#idleTimeoutMs / 1000} s`),
      );
    }, this.#idleTimeoutMs);
    const queue = new SendQueue({ queueBytesMax: duplexQueueBytesMax, window: duplexWindow });
    const stream: DuplexStream = {
      id: randomBytes(24).toString("base64url"),
      caller,
      queue,
      idle: idle.signal,
      touch: () => void timer.refresh(),
      close: () => {
        clearTimeout(timer);
        queue.fail(new FlightError("cancelled", "the duplex stream has ended"));
        this.#streams.delete(stream.id);
        release();
      },
    };
    this.#streams.set(stream.id, stream);
    return stream;
  }

  /** @throws FlightError NOT_FOUND if the stream does not exist, or belongs to another caller */
  find(id: string, caller: string): DuplexStream {
    const stream = this.#streams.get(id);
    if (stream?.caller !== caller) throw new FlightError("not_found", "there is no duplex stream with this id");
    return stream;
  }
}
