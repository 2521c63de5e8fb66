import type { Right } from "./access.ts";

/** The caller, as authentication established it. */
export interface Identity {
  /** A stable name of the caller; empty for an anonymous caller. */
  readonly subject: string;
  /** The groups that the caller is in. */
  readonly groups?: readonly string[];
  /** Other information about the caller, such as the claims of a JWT. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** The identity of every caller of a server without authentication. */
export const anonymous: Identity = { subject: "" };

/** The dataset and the right of a call. */
export interface CallFacts {
  /** The name of the dataset. */
  readonly dataset?: string | undefined;
  /** The right that the call needs. */
  readonly right?: Right | undefined;
}

/** Limits for the data of a put. */
export interface PutLimits {
  /** The maximum size of a record batch after decompression, in bytes. */
  readonly batchBytes: number;
  /** The maximum size of a message, in bytes. */
  readonly messageBytes: number;
}

/** The context of one call. */
export interface CallContext {
  /** The caller. */
  readonly identity: Identity;
  /** The full name of the method, such as `arrow.flight.protocol.FlightService/DoGet` or `GET /datasets/`. */
  readonly method: string;
  /** The client's address, such as `127.0.0.1:53312`; without a port behind a trusted proxy; empty if it is not known. */
  readonly peer: string;
  /** Scheme, host and port of this server, as in the URL that the client used. */
  readonly origin: URL;
  /** The request headers. Names are in lower case, and values of `-bin` headers are in base64. */
  readonly requestHeader: Headers;
  /** The response headers. They are sent with the first message, so set them before. */
  readonly responseHeader: Headers;
  /** The response trailers. They are sent when the call ends. */
  readonly responseTrailer: Headers;
  /**
   * Returns whether the caller may know that a dataset exists. A listing calls it before it reads a dataset, so that a
   * dataset that it omits takes no time. If the function is omitted, the caller may know every dataset.
   */
  readonly mayRead?: ((dataset: string) => boolean | Promise<boolean>) | undefined;
  /**
   * Returns whether the caller may replace and drop a dataset. An action on several datasets calls it for each of them. If
   * the function is omitted, the caller may change every dataset.
   */
  readonly mayChange?: ((dataset: string) => boolean | Promise<boolean>) | undefined;
  /** Aborts when the call ends, for any reason. */
  readonly signal: AbortSignal;
  /** Records the dataset and the right of the call, for the server's log, audit and traces. The server sets it. */
  readonly note?: ((facts: CallFacts) => void) | undefined;
  /**
   * Counts bytes of an upload that the producer stores and that is not complete yet. The server gives them back when the
   * call ends. The server sets it.
   *
   * @throws FlightError RESOURCE_EXHAUSTED if the unfinished uploads take too much
   */
  readonly claimUploadBytes?: ((byteLength: number) => void) | undefined;
  /** The limits of the server for the data of a put; the producer's own by default. */
  readonly putLimits?: PutLimits | undefined;
  /** Returns the time until the client's deadline in milliseconds; undefined if the client set none. */
  timeoutMs(): number | undefined;
}
