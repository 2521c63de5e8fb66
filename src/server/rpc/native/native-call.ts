import type { OutgoingHttpHeaders } from "node:http";
import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues, type HandlerContext } from "@connectrpc/connect";
import { contentTypeProto, parseTimeout, setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { FlightError } from "../../../flight/index.ts";
import { toNodeHeaders } from "../../http/write-response.ts";
import { boundTrailer } from "../bound-trailer.ts";

/** The headers of a response to which a handler adds none. */
const plainHeader = { "content-type": contentTypeProto };

/** The valid forms of the header `grpc-timeout`. Source: gRPC over HTTP/2. */
export const timeoutForm = /^\d{1,8}[HMSmun]$/;

/** A constant, because a call of a client that is gone needs no stack trace. */
export const disconnected = new ConnectError("the client disconnected", Code.Canceled);

/** A constant, because the normal end of a call needs no stack trace. */
export const callEnded = new FlightError("cancelled", "the call has ended");

const noTimeout = (): undefined => undefined;

/** A running call of native gRPC, with the context that Connect gives to handlers. */
export class NativeCall implements HandlerContext {
  readonly method: DescMethod;
  readonly service: DescService;
  readonly url: string;
  readonly requestMethod = "POST";
  readonly protocolName = "grpc";
  readonly requestHeader: Headers;
  readonly values = createContextValues();
  readonly timeoutMs: () => number | undefined;
  /** Made when it is first used: a small unary call never asks for it, and it takes 6 % of such a call. */
  #controller: AbortController | undefined;
  /** Why the call has ended. */
  #endReason: Error | undefined;
  readonly #deadlineTimer: NodeJS.Timeout | undefined;
  #failRequest: ((reason: Error) => void) | undefined;
  #responseHeader: Headers | undefined;
  #responseTrailer: Headers | undefined;

  /** @throws ConnectError INVALID_ARGUMENT if the header's timeout is not valid */
  constructor(desc: DescMethod, requestHeader: Headers, origin: URL) {
    this.method = desc;
    this.service = desc.parent;
    this.requestHeader = requestHeader;
    this.url = `${origin.origin}/${desc.parent.typeName}/${desc.name}`;
    const { timeoutMs, error } = parseTimeout(requestHeader.get("grpc-timeout"), Number.MAX_SAFE_INTEGER);
    if (error) throw error;
    if (timeoutMs === undefined) {
      this.timeoutMs = noTimeout;
      return;
    }
    const deadline = Date.now() + timeoutMs;
    const remainingMs = (): number => deadline - Date.now();
    this.timeoutMs = remainingMs;
    const expire = (): void => this.abort(new ConnectError("the operation timed out", Code.DeadlineExceeded));
    if (timeoutMs <= 0) expire();
    else this.#deadlineTimer = setTimeout(expire, Math.min(timeoutMs, timerMsMax));
  }

  /** Made when they are first used: most calls set neither. */
  get responseHeader(): Headers {
    return (this.#responseHeader ??= new Headers(plainHeader));
  }

  get responseTrailer(): Headers {
    return (this.#responseTrailer ??= new Headers());
  }

  /** Returns the response headers in Node's form. */
  toHeader(): OutgoingHttpHeaders {
    return { ":status": 200, ...(this.#responseHeader ? toNodeHeaders(this.#responseHeader) : plainHeader) };
  }

  /** Returns the response trailers with a status, in Node's form. OK without an error. */
  toTrailer(error?: ConnectError): OutgoingHttpHeaders {
    if (error === undefined && this.#responseTrailer === undefined) return { "grpc-status": "0" };
    const trailer = setTrailerStatus(this.responseTrailer, error);
    if (error) boundTrailer(trailer);
    return toNodeHeaders(trailer);
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#endReason) this.#controller.abort(this.#endReason);
    }
    return this.#controller.signal;
  }

  /**
   * Tells who reads the request when the call ends early. A plain function, because a listener of the signal costs more
   * than a small call may.
   */
  set failRequest(fail: (reason: Error) => void) {
    this.#failRequest = fail;
    if (this.#endReason) fail(this.#endReason);
  }

  /** Ends the call early: the client has left, or the time is over. Only the first reason counts. */
  abort(reason: Error): void {
    const first = this.#endWith(reason);
    this.#failRequest?.(first);
  }

  /** Ends the call after its response. */
  end(): void {
    // The stream closes after this, and nobody reads its request then.
    this.#failRequest = undefined;
    this.#endWith(callEnded);
  }

  /** Returns the first reason. */
  #endWith(reason: Error): Error {
    clearTimeout(this.#deadlineTimer);
    this.#endReason ??= reason;
    this.#controller?.abort(this.#endReason);
    return this.#endReason;
  }
}

/** The longest time of a timer in Node, in milliseconds. A timer with a longer time would fire at once. */
const timerMsMax = 2 ** 31 - 1;
