import { FlightError } from "../flight/index.ts";
import { exitCode, Interrupted, toExitCode, UsageError } from "./exit-code.ts";

/**
 * Says on standard error why the command failed, in one line or as JSON.
 *
 * @returns what the process is to end with
 */
export function reportError(reason: unknown, asJson: boolean): number {
  const message = reason instanceof Error ? reason.message : String(reason);
  const code = reason instanceof FlightError ? reason.code : undefined;
  console.error(
    asJson
      ? JSON.stringify({ error: { ...(code && { code }), message } })
      : `hangar: ${message}${code ? ` (${code})` : ""}`,
  );
  if (reason instanceof FlightError) return toExitCode(reason);
  if (reason instanceof Interrupted) return reason.exitCode;
  return reason instanceof UsageError ? exitCode.usage : exitCode.failure;
}
