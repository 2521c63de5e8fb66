import { Code, ConnectError, encodeBinaryHeader } from "@connectrpc/connect";
import { shortenMessage } from "./shorten.ts";

/** What went wrong, in the words of gRPC's status codes. */
export type FlightErrorCode = keyof typeof codes;

/** The one table from Hangar's codes to Connect's, which stand for gRPC's and for HTTP statuses. */
const codes = {
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
} as const;

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

/** What an error knows besides its message. */
export interface FlightErrorOptions extends ErrorOptions {
  /** The dataset that the message names, so that nobody names it again. */
  readonly dataset?: string;
}

/** The one error of this code base: thrown where the cause is known, and translated once, by the server (`translate-errors.ts`). */
export class FlightError extends Error {
  override readonly name = "FlightError";
  readonly code: FlightErrorCode;
  /** The dataset that the message names; undefined where it names none. */
  readonly dataset: string | undefined;

  /** The message says what was wrong with which dataset, column or field, and never a path of the server. */
  constructor(code: FlightErrorCode, message: string, options?: FlightErrorOptions) {
    super(message, options);
    this.code = code;
    this.dataset = options?.dataset;
  }
}

/**
 * Converts what a handler threw into the error that Connect sends. Whatever is not a FlightError or a ConnectError
 * becomes "internal", without its message. A long message is cut.
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

/** Translates what a call's client side threw: an error of the wire, a cancelled signal, or a FlightError as it is. */
export function toFlightError(reason: unknown): FlightError {
  if (reason instanceof FlightError) return reason;
  const error = ConnectError.from(reason);
  // Thrown below Connect, which wraps what it does not know.
  if (error.cause instanceof FlightError) return error.cause;
  return new FlightError(names.get(error.code) ?? "unknown", error.rawMessage, { cause: reason });
}
