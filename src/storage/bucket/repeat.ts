import { setTimeout as pause } from "node:timers/promises";
import { firstPauseMs, longestPauseMs, repeatMsMax } from "./limits.ts";
import { mayPass } from "./s3-error.ts";

/** Options of `repeat`. */
export interface RepeatOptions {
  /** Cancels the attempts and the pauses between them. */
  readonly signal?: AbortSignal | undefined;
  /** How long to repeat in milliseconds; `repeatMsMax` by default. */
  readonly limitMs?: number;
}

/**
 * Sends a request, and repeats it with growing pauses while its error may be temporary. The pauses are randomized, so
 * that the servers of a throttled bucket do not return at the same time.
 *
 * @param act - gets the number of the attempt, from 0
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
