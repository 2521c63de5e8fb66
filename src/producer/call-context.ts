/** Who a call is from, as authentication established it. */
export interface Identity {
  /** A stable name for the caller; empty for an anonymous one. */
  readonly subject: string;
  /** The groups that the caller is in. */
  readonly groups?: readonly string[];
  /** What else is known of the caller, such as the claims of a JWT. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** The identity where nobody asks for credentials. */
export const anonymous: Identity = { subject: "" };

/** One call, as a producer sees it. */
export interface CallContext {
  /** Who calls. */
  readonly identity: Identity;
  /** The client's address, such as `127.0.0.1:53312`; empty where it is not known. */
  readonly peer: string;
  /** What the client reached, as in its URL: scheme, host and port of this server seen from there. */
  readonly origin: URL;
  /** The request's headers; names in lower case, values of `-bin` headers in base64. */
  readonly requestHeader: Headers;
  /** Headers to answer with; they leave with the first message, so set them before it. */
  readonly responseHeader: Headers;
  /** Trailers to answer with; they leave when the call ends. */
  readonly responseTrailer: Headers;
  /** Aborted when the call has ended, whatever the reason. */
  readonly signal: AbortSignal;
  /** Milliseconds until the client's deadline; undefined where it set none. */
  timeoutMs(): number | undefined;
}
