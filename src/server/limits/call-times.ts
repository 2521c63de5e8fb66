import { Code, ConnectError } from "@connectrpc/connect";
import type { OnLimit } from "./limit-counter.ts";
import type { ServerLimits } from "./server-limits.ts";

/** What a call may still take to end once it has been aborted, in milliseconds: its client may not read the error. */
const graceMs = 2_000;

/** How often calls are looked at, in milliseconds: a call may take that much longer than it may. */
const checkMs = 1_000;

interface TimedCall {
  readonly startedAt: number;
  readonly ending: AbortController;
  /** Ends the request whatever its client does. */
  readonly cut: () => void;
}

/** Ends calls that take longer than a server allows. One timer looks at all calls, in the order in which they began. */
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
   * Returns a signal that aborts with a call's own signal, at the end of the call, and with DEADLINE_EXCEEDED when the
   * call has taken too long.
   *
   * @param cut - ends the request, where that does not help
   */
  limit(signal: AbortSignal, cut: () => void): AbortSignal {
    const call: TimedCall = { startedAt: performance.now(), ending: new AbortController(), cut };
    const end = (): void => {
      this.#calls.delete(call);
      call.ending.abort(signal.reason);
    };
    this.#calls.add(call);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
    return call.ending.signal;
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
      call.ending.abort(new ConnectError(`a call may take at most ${callSeconds} s`, Code.DeadlineExceeded));
      setTimeout(call.cut, graceMs).unref();
    }
  }
}
