import { Code, ConnectError, encodeBinaryHeader } from "@connectrpc/connect";
import { shortenMessage } from "./shorten.ts";

/** The status codes of gRPC, in lower case. */
export type FlightErrorCode =
  | "cancelled"
  | "unknown"
  | "invalid_argument"
  | "deadline_exceeded"
  | "not_found"
  | "already_exists"
  | "permission_denied"
  | "resource_exhausted"
  | "failed_precondition"
  | "aborted"
  | "out_of_range"
  | "unimplemented"
  | "internal"
  | "unavailable"
  | "data_loss"
  | "unauthenticated";

/** The mapping from Hangar's codes to Connect's codes, which determine the gRPC code and the HTTP status. */
const codes: Readonly<Record<FlightErrorCode, Code>> = {
  cancelled: Code.Canceled,
  unknown: Code.Unknown,
  invalid_argument: Code.InvalidArgument,
  deadline_exceeded: Code.DeadlineExceeded,
  not_found: Code.NotFound,
  already_exists: Code.AlreadyExists,
  permission_denied: Code.PermissionDenied,
  resource_exhausted: Code.ResourceExhausted,
  failed_precondition: Code.FailedPrecondition,
  aborted: Code.Aborted,
  out_of_range: Code.OutOfRange,
  unimplemented: Code.Unimplemented,
  internal: Code.Internal,
  unavailable: Code.Unavailable,
  data_loss: Code.DataLoss,
  unauthenticated: Code.Unauthenticated,
};

/**
 * Arrow's own status codes, which C++ and Python read from the trailer `x-arrow-status` and turn into the
 * matching exception (KeyError, ArrowInvalid, …). Source: `arrow::StatusCode` in Arrow C++. A code that is
 * missing here has its own Flight exception there, which those clients derive from the gRPC code.
 */
const arrowStatus: Partial<Record<FlightErrorCode, number>> = {
  not_found: 2,
  invalid_argument: 4,
  data_loss: 5,
  resource_exhausted: 6,
  out_of_range: 7,
  unimplemented: 10,
  already_exists: 45,
};

/** Options of a `FlightError`. */
export interface FlightErrorOptions extends ErrorOptions {
  /** The dataset that the message names. Callers do not add the name to the message again. */
  readonly dataset?: string;
  /** The key of the limit that was reached, as in docs/limits.md. The message names it too. */
  readonly limit?: string;
}

/** The error that all of this package throws. A server sends its code and its message to the client. */
export class FlightError extends Error {
  /** Always `FlightError`. */
  override readonly name = "FlightError";
  /** The gRPC status code. */
  readonly code: FlightErrorCode;
  /** The dataset that the message names; undefined if it names none. */
  readonly dataset: string | undefined;
  /** The key of the limit that was reached; undefined if it was none. */
  readonly limit: string | undefined;

  /**
   * @param message - names the dataset, column, field or limit, and never a path of the server
   * @param options - `cause` is not sent to the client
   */
  constructor(code: FlightErrorCode, message: string, options?: FlightErrorOptions) {
    super(message, options);
    this.code = code;
    this.dataset = options?.dataset;
    this.limit = options?.limit;
  }
}

/**
 * Converts an error that a handler threw to the error that the client gets. An error that is neither a FlightError nor a
 * ConnectError becomes INTERNAL, without its message. A long message is truncated.
 */
export function toConnectError(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) return reason;
  if (!(reason instanceof FlightError)) {
    return new ConnectError("internal error", Code.Internal, undefined, undefined, reason);
  }
  const message = shortenMessage(reason.message);
  const metadata = new Headers();
  const status = arrowStatus[reason.code];
  if (status !== undefined) {
    metadata.set("x-arrow-status", String(status));
    metadata.set("x-arrow-status-message-bin", encodeBinaryHeader(new TextEncoder().encode(message)));
  }
  return new ConnectError(message, codes[reason.code], metadata, undefined, reason);
}

const names = new Map(Object.entries(codes).map(([name, code]) => [code, name as FlightErrorCode]));

/** Converts an error that a call threw to a FlightError. A FlightError is returned unchanged. */
export function toFlightError(reason: unknown): FlightError {
  if (reason instanceof FlightError) return reason;
  const error = ConnectError.from(reason);
  // Thrown below Connect, which wraps what it does not know.
  if (error.cause instanceof FlightError) return error.cause;
  return new FlightError(names.get(error.code) ?? "unknown", error.rawMessage, { cause: reason });
}
