import { constants, type ServerHttp2Stream } from "node:http2";
import type { ServerLimits } from "../limits/server-limits.ts";

/**
 * Counts the calls at work on each HTTP/2 connection. HTTP/2 itself forgets a stream with its reset, though its handler
 * may still hold files and memory (CVE-2023-44487, "rapid reset").
 */
export class CallsAtWork {
  readonly #limits: ServerLimits;
  readonly #counts = new WeakMap<object, number>();

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
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return undefined;
    }
    this.#counts.set(connection, count + 1);
    return () => void this.#counts.set(connection, this.#counts.get(connection)! - 1);
  }
}
