import { FlightError } from "../flight/index.ts";

/**
 * Starts a time limit that several calls share.
 *
 * @param timeoutMs - in milliseconds from now; no limit if it is undefined or 0
 * @returns a function that returns the remaining time in whole milliseconds, as gRPC needs it; it throws a FlightError
 * DEADLINE_EXCEEDED if no time is left
 */
export function startTimeLimit(timeoutMs: number | undefined): () => number | undefined {
  if (!isLimit(timeoutMs)) return () => undefined;
  const end = performance.now() + timeoutMs;
  return () => {
    const leftMs = Math.ceil(end - performance.now());
    // The value 0 would mean no limit.
    if (leftMs <= 0) throw new FlightError("deadline_exceeded", "the time limit has passed");
    return leftMs;
  };
}

/**
 * Returns a signal for operations other than gRPC calls. It aborts with the caller's signal, or when the time limit has
 * passed. Undefined if neither is set.
 */
export function toEndSignal(signal: AbortSignal | undefined, timeoutMs: number | undefined): AbortSignal | undefined {
  if (!isLimit(timeoutMs)) return signal;
  const limit = AbortSignal.timeout(Math.ceil(timeoutMs));
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

function isLimit(timeoutMs: number | undefined): timeoutMs is number {
  return timeoutMs !== undefined && timeoutMs > 0;
}

/**
 * Returns the error of an operation whose signal of `toEndSignal` has aborted.
 *
 * @param signal - the caller's signal
 * @returns CANCELLED if the caller's signal has aborted; otherwise DEADLINE_EXCEEDED
 */
export function toEnded(what: "upload" | "download" | "call", signal: AbortSignal | undefined): FlightError {
  return signal?.aborted
    ? new FlightError("cancelled", `the ${what} was cancelled`, { cause: signal.reason })
    : new FlightError("deadline_exceeded", `the ${what} took too long`);
}
