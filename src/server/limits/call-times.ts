import { Code, ConnectError } from "@connectrpc/connect";
import type { OnLimit } from "./limit-counter.ts";
import type { ServerLimits } from "./server-limits.ts";

/** How long an aborted call may take to end, in milliseconds. Its client may not read the error. */
const graceMs = 2_000;

/** The interval between checks in milliseconds. A call may exceed its limit by this time. */
const checkMs = 1_000;

interface TimedCall {
  readonly startedAt: number;
  abort: (reason: ConnectError) => void;
  /** Ends the request, even if the client does not cooperate. */
  cut: () => void;
}

/** Takes the place of the functions of a call that has ended: an old table of the set may keep it for long. */
const ended = (): void => {};

/** Ends calls that exceed the time limit. One timer checks all calls in the order of their start. */
export class CallTimes {
  readonly #limits: ServerLimits;
  readonly #onLimit: OnLimit;
  readonly #calls = new Set<TimedCall>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: ServerLimits, onLimit: OnLimit) {
    this.#limits = limits;
    this.#onLimit = onLimit;
    this.#timer = setInterval(() => this.#endOverdue(), checkMs).unref();
  }

  /**
   * Returns a signal for a call. It aborts with the call's own signal, when the call ends, and with DEADLINE_EXCEEDED
   * after the time limit.
   *
   * @param cut - ends the request if the abort does not
   */
  limit(signal: AbortSignal, cut: () => void): AbortSignal {
    const ending = new AbortController();
    const unwatch = this.watch((reason) => ending.abort(reason), cut);
    const end = (): void => {
      unwatch();
      ending.abort(signal.reason);
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
    return ending.signal;
  }

  /**
   * Watches a call.
   *
   * @param abort - called with DEADLINE_EXCEEDED after the time limit
   * @param cut - ends the request if the abort does not
   * @returns a function to call when the call has ended
   */
  watch(abort: (reason: ConnectError) => void, cut: () => void): () => void {
    const call: TimedCall = { startedAt: performance.now(), abort, cut };
    this.#calls.add(call);
    return () => {
      this.#calls.delete(call);
      call.abort = call.cut = ended;
    };
  }

  /** Stops the timer. */
  close(): void {
    clearInterval(this.#timer);
  }

  #endOverdue(): void {
    const { callSeconds } = this.#limits;
    const oldest = performance.now() - 1000 * callSeconds;
    for (const call of this.#calls) {
      if (call.startedAt > oldest) return;
      this.#calls.delete(call);
      this.#onLimit("callSeconds");
      call.abort(new ConnectError(`a call may take at most ${callSeconds} s`, Code.DeadlineExceeded));
      setTimeout(call.cut, graceMs).unref();
    }
  }
}
