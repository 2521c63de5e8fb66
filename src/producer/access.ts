import type { Identity } from "./call-context.ts";

/**
 * What a caller may do: `read` datasets and see that they are there, `write` new ones, `replace` (which includes
 * `write`), `drop`, and `admin` for what is of the server and of no dataset: metrics and reflection.
 */
export type Right = (typeof rights)[number];

/** Every right. */
export const rights = ["read", "write", "replace", "drop", "admin"] as const;

/** What a caller is about to do. */
export interface AccessRequest {
  readonly right: Right;
  /**
   * The name of the dataset. Undefined where the call is of the server, or of data that has no dataset's name: only a
   * caller who has the right on everything may go on.
   */
  readonly dataset?: string | undefined;
  /** The full name of the method, such as `arrow.flight.protocol.FlightService/DoGet`. */
  readonly method: string;
}

/** Says whether a caller may do something. What it throws ends the call; it does not let it pass. */
export type Authorize = (identity: Identity, request: AccessRequest) => boolean | Promise<boolean>;

/** A client certificate that the listener has verified. */
export interface ClientCertificate {
  /** Its subject, outermost part first, such as `O=Example, CN=ali`; a comma within a part is escaped by a backslash. */
  readonly subject: string;
  /** Its alternative names, such as `DNS:ali.example`, `URI:spiffe://example/ali` and `email:ali@example`. */
  readonly names: readonly string[];
}

/** The properties of a call that are known before its body is read. */
export interface AuthenticationRequest {
  /** The request headers, including `authorization` and `cookie`. */
  readonly header: Headers;
  /** The client's address. */
  readonly peer: string;
  /** The full name of the method, such as `arrow.flight.protocol.FlightService/DoGet` or `GET /datasets/`. */
  readonly method: string;
  /** The certificate of the client, if the server asks for one and the client has sent it. It is trusted and not expired. */
  readonly clientCertificate?: ClientCertificate | undefined;
}

/**
 * Authenticates a call before its body is read. Health checks are not authenticated.
 *
 * @returns the caller
 * @throws FlightError UNAUTHENTICATED or PERMISSION_DENIED, which ends the call
 */
export type Authenticate = (request: AuthenticationRequest) => Identity | Promise<Identity>;
