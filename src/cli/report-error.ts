import { FlightError, toConnectError } from "../flight/index.ts";
import { say } from "./say.ts";
import { exitCode, Interrupted, PartialFailure, UsageError } from "./exit-code.ts";

/**
 * Prints the error of a command to standard error, as one line or as JSON.
 *
 * @returns the exit code of the process
 */
export function reportError(reason: unknown, asJson: boolean): number {
  const message = reason instanceof Error ? reason.message : String(reason);
  const code = reason instanceof FlightError ? reason.code : undefined;
  say(
    asJson
      ? JSON.stringify({ error: { ...(code && { code }), message } })
      : `hangar: ${message}${code ? ` (${code})` : ""}`,
  );
  return exitCodeOf(reason instanceof PartialFailure ? reason.first : reason);
}

/** Added to the gRPC status code of a failed call. */
const callErrors = 64;

/** Returns the exit code of a failed call: 64 plus gRPC's status code, such as 69 for NOT_FOUND. */
function toExitCode(error: FlightError): number {
  return error.code === "unauthenticated" ? exitCode.unauthenticated : callErrors + toConnectError(error).code;
}

function exitCodeOf(reason: unknown): number {
  if (reason instanceof FlightError) return toExitCode(reason);
  if (reason instanceof Interrupted) return reason.exitCode;
  return reason instanceof UsageError ? exitCode.usage : exitCode.failure;
}
