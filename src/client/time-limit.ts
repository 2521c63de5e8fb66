import { FlightError } from "../flight/index.ts";

/**
 * Begins a time limit that several calls share.
 *
 * @param timeoutMs - in milliseconds from now; never where it is undefined or, as for calls, 0
 * @returns what gives how much of it is left, in whole milliseconds, as gRPC tells them; it throws a FlightError
 * DEADLINE_EXCEEDED when nothing is
 */
export function startTimeLimit(timeoutMs: number | undefined): () => number | undefined {
  if (!isLimit(timeoutMs)) return () => undefined;
  const end = performance.now() + timeoutMs;
  return () => {
    const leftMs = Math.ceil(end - performance.now());
    // A call without any time left would have no limit at all.
    if (leftMs <= 0) throw new FlightError("deadline_exceeded", "the time is over");
    return leftMs;
  };
}

/** A signal for what is no call of gRPC: aborts when the caller's does, or when the time is over; undefined for never. */
export function toEndSignal(signal: AbortSignal | undefined, timeoutMs: number | undefined): AbortSignal | undefined {
  if (!isLimit(timeoutMs)) return signal;
  const limit = AbortSignal.timeout(Math.ceil(timeoutMs));
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

function isLimit(timeoutMs: number | undefined): timeoutMs is number {
  return timeoutMs !== undefined && timeoutMs > 0;
}

/**
 * Says why something has ended whose signal of `toEndSignal` has aborted.
 *
 * @param signal - the caller's
 * @returns CANCELLED where that has aborted, DEADLINE_EXCEEDED otherwise
 */
export function toEnded(what: "upload" | "download" | "call", signal: AbortSignal | undefined): FlightError {
  return signal?.aborted
    ? new FlightError("cancelled", `the ${what} was cancelled`, { cause: signal.reason })
    : new FlightError("deadline_exceeded", `the ${what} took too long`);
}
