import { randomBytes } from "node:crypto";
import type { Places } from "../limits/places.ts";
import { SendQueue } from "../../duplex/index.ts";
import { duplexIdleTimeoutMs, duplexQueueBytesMax, duplexWindow, FlightError } from "../../flight/index.ts";

/** A duplex stream, open as long as its Open call. */
export interface DuplexStream {
  readonly id: string;
  /** The caller that may send to the stream. */
  readonly caller: string;
  /** The request body, which Sends supply. */
  readonly queue: SendQueue;
  /** Aborts when the stream was idle for too long. */
  readonly idle: AbortSignal;
  /** Restarts the idle time after a Send, or after a byte of the response. */
  touch(): void;
  /** Ends the stream. Later Sends are refused. */
  close(): void;
}

/** The open duplex streams by id. */
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
