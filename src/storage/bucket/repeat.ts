import { setTimeout as pause } from "node:timers/promises";
import { firstPauseMs, longestPauseMs, repeatMsMax } from "./limits.ts";
import { mayPass } from "./s3-error.ts";

/** Options of `repeat`. */
export interface RepeatOptions {
  /** Ends the attempts, and the pauses between them. */
  readonly signal?: AbortSignal | undefined;
  /** How long to repeat in milliseconds; `repeatMsMax` by default. */
  readonly limitMs?: number;
}

/**
 * Makes a request, and makes it again with growing pauses while its error may pass. The pauses are scattered, so that the
 * servers of a throttled bucket do not return together.
 *
 * @param attempt - the number of the attempt is 0 for the first one
 * @throws the error of the last attempt; the signal's reason
 */
export async function repeat<T>(
  act: (attempt: number) => Promise<T>,
  { signal, limitMs = repeatMsMax }: RepeatOptions = {},
): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await act(attempt);
    } catch (reason) {
      signal?.throwIfAborted();
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** attempt) * (0.5 + 0.5 * Math.random());
      if (!mayPass(reason) || performance.now() + pauseMs > endMs) throw reason;
      await pause(pauseMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}
