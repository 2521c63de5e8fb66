import type { Identity } from "./call-context.ts";

/**
 * A right of a caller: to `read` datasets and to know that they exist, to `write` new datasets, to `replace` datasets (which
 * includes `write`), to `drop` datasets, and `admin` for metrics and reflection, which belong to no dataset.
 */
export type Right = "read" | "write" | "replace" | "drop" | "admin";

/** Every right. */
export const rights: readonly Right[] = ["read", "write", "replace", "drop", "admin"];

/** A question to `Authorize`. */
export interface AccessRequest {
  /** The right that the call needs. */
  readonly right: Right;
  /**
   * The name of the dataset. Undefined if the call belongs to the server, or to data without a dataset name. Then only
   * a caller with the right on everything may pass.
   */
  readonly dataset?: string | undefined;
  /** The full name of the method, such as `arrow.flight.protocol.FlightService/DoGet` or `GET /datasets/`. */
  readonly method: string;
}

/** Returns whether a caller has a right. An error that it throws ends the call. */
export type Authorize = (identity: Identity, request: AccessRequest) => boolean | Promise<boolean>;

/** A trusted client certificate. */
export interface ClientCertificate {
  /** The subject, such as `O=Example, CN=ali`. A comma inside a part is escaped by a backslash. */
  readonly subject: string;
  /** The alternative names, such as `DNS:ali.example`, `URI:spiffe://example/ali` and `email:ali@example`. */
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
  /** Scheme, host and port of this server, as in the URL that the client used. */
  readonly origin?: URL | undefined;
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
