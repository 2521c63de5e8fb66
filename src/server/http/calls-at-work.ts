import { constants, type ServerHttp2Stream } from "node:http2";
import { endSession } from "./control-frames.ts";
import type { Limiter } from "../limits/limiter.ts";

/**
 * The number of calls per connection that start immediately. Further calls wait for a turn of the event loop, which
 * takes microseconds.
 */
const eagerCallCountMax = 32;

/**
 * The number of refused calls after which a connection is closed, if no call of it was answered since the first
 * refusal. Each refusal costs the server 0.1 ms, and a flood of resets brings thousands in one turn of the event loop.
 */
const refusedCallCountMax = 256;

/**
 * Counts the running calls of each HTTP/2 connection. HTTP/2 forgets a stream when it is reset, but the handler may
 * still hold files and memory (CVE-2023-44487, "rapid reset").
 */
export class CallsAtWork {
  readonly #limiter: Limiter;
  readonly #counts = new WeakMap<object, number>();
  /** The number of refused calls of a connection since its last answered call. */
  readonly #refusedCounts = new WeakMap<object, number>();
  /** Connections whose last ended call was reset by the client. */
  readonly #resetting = new WeakSet<object>();

  constructor(limiter: Limiter) {
    this.#limiter = limiter;
  }

  /** Returns whether a connection has as many running calls as it may. */
  isFull({ session }: ServerHttp2Stream): boolean {
    return session !== undefined && (this.#counts.get(session) ?? 0) >= this.#limiter.limits.callsPerConnection;
  }

  /**
   * Registers a call. If its connection has too many running calls, the stream is refused before processing, so that
   * the client may retry it.
   *
   * @returns a function to call once when the handler of the call has ended; undefined if the call was refused
   */
  admit(stream: ServerHttp2Stream): (() => void) | undefined {
    // A stream that was reset early has no session any more.
    const connection = stream.session ?? stream;
    const count = this.#counts.get(connection) ?? 0;
    const { callsPerConnection, streamsPerConnection } = this.#limiter.limits;
    // A client that keeps to the limit waits now, so nothing is refused that could be counted.
    if (count + 1 === streamsPerConnection) this.#limiter.onLimit("streamsPerConnection");
    if (count >= callsPerConnection) {
      this.#refuse(stream);
      return undefined;
    }
    this.#counts.set(connection, count + 1);
    return () => {
      this.#counts.set(connection, this.#counts.get(connection)! - 1);
      if (stream.rstCode === constants.NGHTTP2_CANCEL) {
        this.#resetting.add(connection);
      } else {
        this.#resetting.delete(connection);
        this.#refusedCounts.delete(connection);
      }
    };
  }

  #refuse(stream: ServerHttp2Stream): void {
    const { session } = stream;
    stream.close(constants.NGHTTP2_REFUSED_STREAM);
    if (session === undefined) return;
    const count = (this.#refusedCounts.get(session) ?? 0) + 1;
    this.#refusedCounts.set(session, count);
    if (count <= refusedCallCountMax) return;
    this.#limiter.onLimit("refused-calls");
    endSession(session);
  }

  /**
   * Returns whether a call should wait for a turn of the event loop. If its client has reset calls or sends very many,
   * the reset of this call may have arrived already. Then the call needs no work, which makes a flood of resets cheap.
   */
  isDoubtful({ session }: ServerHttp2Stream): boolean {
    if (session === undefined) return true;
    return this.#resetting.has(session) || (this.#counts.get(session) ?? 0) > eagerCallCountMax;
  }
}
