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
