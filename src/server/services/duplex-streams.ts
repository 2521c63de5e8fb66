import { randomBytes } from "node:crypto";
import type { Places } from "../limits/places.ts";
import { duplexIdleTimeoutMs, duplexQueueBytesMax, duplexWindowBytes, SendQueue } from "../../duplex/index.ts";
import { FlightError } from "../../flight/index.ts";

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

function isStreamId(text: string): boolean {
  return /^[\w-]{32}$/.test(text);
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

  /**
   * Opens a stream.
   *
   * @param wantedId - the id that the caller has chosen, so that a load balancer can route by it; a new one by default
   * @throws FlightError RESOURCE_EXHAUSTED if the caller has too many open streams; INVALID_ARGUMENT if the id is not an
   * id, or is in use
   */
  open(caller: string, wantedId = ""): DuplexStream {
    const id = wantedId === "" ? randomBytes(24).toString("base64url") : wantedId;
    if (!isStreamId(id) || this.#streams.has(id)) {
      throw new FlightError("invalid_argument", "the id of a new duplex stream must be 192 random bits in base64url");
    }
    const release = this.#places.take(caller);
    const idle = new AbortController();
    const timer = setTimeout(() => {
      idle.abort(
        new FlightError("aborted", `nothing was sent in either direction for ${this.#idleTimeoutMs / 1000} s`),
      );
    }, this.#idleTimeoutMs);
    const queue = new SendQueue({ queueBytesMax: duplexQueueBytesMax, windowBytes: duplexWindowBytes });
    const stream: DuplexStream = {
      id,
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
