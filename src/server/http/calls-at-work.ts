import { constants, type ServerHttp2Stream } from "node:http2";
import type { ServerLimits } from "../limits/server-limits.ts";

/** Calls of a connection that begin at once. Further ones wait for a turn of the event loop, which takes microseconds. */
const eagerCallCountMax = 32;

/**
 * Refused calls after which a connection ends, if none of its calls has been answered since the first. Refusing costs the
 * server a tenth of a millisecond each time, and a flood of resets brings thousands in one turn of the event loop.
 */
const refusedCallCountMax = 256;

/**
 * Counts the calls at work on each HTTP/2 connection. HTTP/2 itself forgets a stream with its reset, though its handler
 * may still hold files and memory (CVE-2023-44487, "rapid reset").
 */
export class CallsAtWork {
  readonly #limits: ServerLimits;
  readonly #counts = new WeakMap<object, number>();
  /** The refused calls of a connection since one was last answered. */
  readonly #refusedCounts = new WeakMap<object, number>();
  /** Connections whose last call that ended was reset by the client. */
  readonly #resetting = new WeakSet<object>();

  constructor(limits: ServerLimits) {
    this.#limits = limits;
  }

  /**
   * Registers a call. If its connection has too many running calls, the stream is refused before processing, so that
   * the client may retry it.
   *
   * @returns a function to call once when the handler of the call has ended; undefined if the call was refused
   */
  admit(stream: ServerHttp2Stream): (() => void) | undefined {
    // A stream that was reset before it came here has no session any more.
    const connection = stream.session ?? stream;
    const count = this.#counts.get(connection) ?? 0;
    if (count >= this.#limits.callsPerConnection) {
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
    if (count > refusedCallCountMax) session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  /**
   * Whether a call should wait for a turn of the event loop before it begins: if its client has reset calls or makes very
   * many, the reset of this one may already be there. Then nothing has to be done for it, which keeps a flood of resets
   * cheap.
   */
  isDoubtful({ session }: ServerHttp2Stream): boolean {
    if (session === undefined) return true;
    return this.#resetting.has(session) || (this.#counts.get(session) ?? 0) > eagerCallCountMax;
  }
}
