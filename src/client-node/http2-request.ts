import { constants, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import type { UniversalClientRequest, UniversalClientResponse } from "@connectrpc/connect/protocol";
import type { Http2SessionManager } from "@connectrpc/connect-node";
import { FlightError, StreamChunks } from "../flight/index.ts";
import { explainReset, lostConnection, StreamRefused } from "./http2-errors.ts";

/** The interval at which received bytes are reported to the connection's keep-alive, in milliseconds. */
const notifyIntervalMs = 1_000;

/**
 * The number of bytes of a request that may wait for the socket. Node's own limit of 16 KiB would make each chunk wait for
 * the previous one, and be written alone.
 */
const waitingBytesMax = 256 * 1024;

/** What a request needs of its connection. */
export type RequestSessions = Pick<Http2SessionManager, "authority" | "request" | "notifyResponseByteRead">;

/**
 * Sends a request over HTTP/2. The body flows in both directions as chunks, which are not copied.
 *
 * A request whose body throws, or whose response is left early, is reset. A server does not take it for complete.
 *
 * @throws ConnectError UNAVAILABLE if the connection is lost, also while the response is read; StreamRefused; the reason
 * of the signal
 */
export async function sendHttp2Request(
  request: UniversalClientRequest,
  sessions: RequestSessions,
): Promise<UniversalClientResponse> {
  const { host, pathname, search } = new URL(request.url);
  // Left to itself, Node names an IPv6 host without its brackets, which is no authority.
  const headers = { ":authority": host, ...Object.fromEntries(request.header) };
  const resetting = new AbortController();
  const options = { endStream: false, signal: resetting.signal };
  const opening = sessions.request(request.method, `${pathname}${search}`, headers, options);
  const reset = (): void => resetting.abort(cancelled);
  const stream = await untilAborted(opening, request.signal, reset);
  return await new Http2Exchange(stream, request, { sessions, reset }).response;
}

/** Waits for a stream. A stream that opens after the signal is reset. */
async function untilAborted(
  opening: Promise<ClientHttp2Stream>,
  signal: AbortSignal | undefined,
  reset: () => void,
): Promise<ClientHttp2Stream> {
  if (signal === undefined) return await opening;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    opening.then((stream) => stream.on("error", () => {})).then(reset, () => {});
    reject(signal.reason as Error);
  };
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([opening, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** A constant, because it needs no stack trace. */
const cancelled = new FlightError("cancelled", "the request was cancelled");

/** A request and its response on one stream. */
class Http2Exchange {
  /** Settles when the response's header has arrived. */
  readonly response: Promise<UniversalClientResponse>;
  readonly #stream: ClientHttp2Stream;
  readonly #session: ClientHttp2Session | undefined;
  readonly #sessions: RequestSessions;
  readonly #reset: () => void;
  readonly #signal: AbortSignal | undefined;
  readonly #trailer = new Headers();
  /** Whether a header frame has ended the response. */
  #isWhole = false;
  #isDone = false;
  #hasResponse = false;
  /** Why this side has reset the stream. */
  #cancelReason: unknown;
  /** The error of the stream. */
  #nodeReason: unknown;
  #room: (() => void) | undefined;
  readonly #abort = (): void => void (this.#isDone || this.#cancel(this.#signal?.reason));

  /** @param reset - resets the stream. Node's `close` would first end the request as if it were complete. */
  constructor(
    stream: ClientHttp2Stream,
    { body, signal }: UniversalClientRequest,
    { sessions, reset }: { readonly sessions: RequestSessions; readonly reset: () => void },
  ) {
    this.#stream = stream;
    this.#reset = reset;
    this.#session = stream.session as ClientHttp2Session | undefined;
    this.#sessions = sessions;
    this.#signal = signal;
    const { promise, resolve, reject } = Promise.withResolvers<UniversalClientResponse>();
    this.response = promise;
    stream.on("drain", () => this.#room?.());
    stream.once("response", (headers, flags) => resolve(this.#begin(headers, flags)));
    stream.once("trailers", (headers) => this.#end(headers));
    stream.on("error", (reason) => (this.#nodeReason ??= reason));
    stream.once("close", () => {
      signal?.removeEventListener("abort", this.#abort);
      this.#room?.();
      if (!this.#hasResponse) reject(this.#explain());
    });
    signal?.addEventListener("abort", this.#abort);
    if (signal?.aborted) this.#abort();
    else void this.#send(body);
  }

  async #send(body: AsyncIterable<Uint8Array> | undefined): Promise<void> {
    const stream = this.#stream;
    try {
      for await (const chunk of body ?? []) {
        // The server has answered without reading all of the request.
        if (stream.closed || stream.destroyed || stream.writableEnded) return;
        if (stream.write(chunk) || stream.closed || stream.writableLength < waitingBytesMax) continue;
        await new Promise<void>((resolve) => (this.#room = resolve));
      }
      if (!stream.closed && !stream.destroyed) stream.end();
    } catch (reason) {
      this.#cancel(reason);
    }
  }

  #begin(headers: IncomingHttpHeaders, flags: number): UniversalClientResponse {
    this.#hasResponse = true;
    this.#isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    const chunks = new StreamChunks(this.#stream);
    let notifiedAt = 0;
    const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
      try {
        const result = await chunks.next();
        if (result.done === true) await this.#assertWhole();
        else if (Date.now() - notifiedAt > notifyIntervalMs) {
          notifiedAt = Date.now();
          this.#sessions.notifyResponseByteRead(this.#stream);
        }
        return result;
      } catch {
        throw this.#explain();
      }
    };
    const leave = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
      if (!this.#isDone) this.#cancel(cancelled);
      return { done: true, value: undefined };
    };
    const body = { [Symbol.asyncIterator]: () => ({ next, return: leave }) };
    return { status: Number(headers[":status"]), header: toHeaders(headers), body, trailer: this.#trailer };
  }

  #end(headers: IncomingHttpHeaders): void {
    this.#isWhole = true;
    for (const [name, value] of toHeaders(headers)) this.#trailer.append(name, value);
  }

  /** Node ends the response of a stream that was reset, or whose connection is gone, as if it were whole. */
  async #assertWhole(): Promise<void> {
    const stream = this.#stream;
    // Both directions have ended, so that the stream closes, and tells how.
    if (!this.#isWhole && stream.writableEnded && !stream.destroyed) {
      await new Promise<void>((resolve) => stream.once("close", resolve));
    }
    const isReset = stream.rstCode !== constants.NGHTTP2_NO_ERROR;
    const isCut = isReset || this.#cancelReason !== undefined || this.#nodeReason !== undefined;
    if (isCut && !this.#isWhole) throw this.#explain();
    this.#isDone = true;
    // The server needs no more of the request.
    if (!stream.writableEnded) this.#reset();
  }

  #cancel(reason: unknown): void {
    this.#cancelReason ??= reason;
    this.#reset();
  }

  /** What Node says of a connection that is gone depends on what it was doing at that moment. */
  #explain(): unknown {
    if (this.#signal?.aborted) return this.#signal.reason;
    if (this.#cancelReason !== undefined) return this.#cancelReason;
    const { rstCode } = this.#stream;
    if (rstCode === constants.NGHTTP2_REFUSED_STREAM) return new StreamRefused();
    const isLost = this.#session?.destroyed !== false || rstCode === constants.NGHTTP2_NO_ERROR;
    return isLost
      ? lostConnection(this.#sessions.authority, this.#nodeReason)
      : explainReset(rstCode, this.#hasResponse, this.#nodeReason);
  }
}

function toHeaders(headers: IncomingHttpHeaders): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(":")) continue;
    for (const each of Array.isArray(value) ? value : [value]) result.append(name, each);
  }
  return result;
}
