import { FlightError, type FlightErrorOptions } from "./errors.ts";

/**
 * The keys of the limits that cannot be set. docs/limits.md says why. The metric `hangar_limits_reached_total` counts
 * them under these names.
 */
export const fixedLimits = [
  "message-depth",
  "message-field-bytes",
  "schema-expansion",
  "acknowledgement-bytes",
  "upload-memory",
  "send-bytes",
  "pipelined-requests",
  "silence",
  "refused-calls",
  "continuation-frames",
  "unread-acknowledgements",
] as const;

/** The key of a limit that cannot be set. */
export type FixedLimit = (typeof fixedLimits)[number];

/** The keys of the limits that a server can set, and whose errors are thrown outside of the server. */
type SettableLimit =
  | "batch-bytes"
  | "compressed-message-bytes"
  | "control-message-bytes"
  | "expansion-ratio"
  | "header-bytes"
  | "json-message-bytes"
  | "message-bytes"
  | "message-items";

/**
 * Creates a RESOURCE_EXHAUSTED error for a limit that a client has reached. A server counts the limit in its metrics.
 *
 * @param message - the error message; the limit's key is added
 */
export function limitError(limit: FixedLimit | SettableLimit, message: string, options?: FlightErrorOptions) {
  return new FlightError("resource_exhausted", `${message} (${limit})`, { ...options, limit });
}

/** The maximum number of errors of a chain of causes that are searched. Each layer adds at most one. */
const causeCountMax = 8;

/** Returns the key of the limit that caused an error; undefined if it was none. */
export function limitOf(reason: unknown): string | undefined {
  let error = reason;
  for (let count = 0; count < causeCountMax && error instanceof Error; count++) {
    if (error instanceof FlightError && error.limit !== undefined) return error.limit;
    error = error.cause;
  }
  return undefined;
}
