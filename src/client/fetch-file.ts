import type { CallOptions } from "./run-call.ts";
import { toEnded, toEndSignal } from "./time-limit.ts";
import { toAnswerError, toFailure } from "./upload-file.ts";

/**
 * Sends a GET. Resolves when the head of the response has arrived, whatever its status. Throws if there is no response.
 */
export type GetFile = (url: string, request: { headers: Headers; signal: AbortSignal | null }) => Promise<Response>;

/**
 * Gets a file. The signal and the time limit also apply to the body.
 *
 * @throws FlightError with the server's code and message; CANCELLED by the signal; DEADLINE_EXCEEDED; UNAVAILABLE if
 * there is no response for another reason
 */
export async function fetchFile(
  get: GetFile,
  { url, headers }: { readonly url: string; readonly headers: Headers },
  { signal: callerSignal, timeoutMs, onHeader }: CallOptions,
): Promise<Response> {
  const signal = toEndSignal(callerSignal, timeoutMs);
  const failed = (reason: unknown): unknown =>
    signal?.aborted ? toEnded("download", callerSignal) : toFailure(url, reason);
  if (signal?.aborted) throw failed(undefined);
  const response = await get(url, { headers, signal: signal ?? null }).catch((reason: unknown) => {
    throw failed(reason);
  });
  onHeader?.(response.headers);
  if (response.ok) return response;
  const body = await response.text().catch((reason: unknown) => {
    throw failed(reason);
  });
  throw toAnswerError("GET", url, { status: response.status, body });
}
