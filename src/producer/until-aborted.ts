import { FlightError } from "../flight/index.ts";

/**
 * Passes a peer's stream on until a signal aborts, then throws even if the stream itself stays silent. Items are
 * requested one after another.
 *
 * @throws FlightError the signal's reason if it is a FlightError; otherwise CANCELLED
 */
export function untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncIterableIterator<T, void> {
  return new AbortableItems(source, signal);
}

/** One listener for the whole stream, and one promise for each item. A generator would need several of both. */
class AbortableItems<T> implements AsyncIterableIterator<T, void> {
  readonly #iterator: AsyncIterator<T>;
  readonly #signal: AbortSignal;
  readonly #abort = (): void => this.#fail(toCancelled(this.#signal.reason));
  /** Fails the item that is waited for. */
  #reject: ((reason: unknown) => void) | undefined;
  /** An error that nobody has seen yet. */
  #failure: FlightError | undefined;
  #hasEnded = false;

  constructor(source: AsyncIterable<T>, signal: AbortSignal) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#signal = signal;
    if (signal.aborted) this.#abort();
    else signal.addEventListener("abort", this.#abort, { once: true });
  }

  next(): Promise<IteratorResult<T, void>> {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) return Promise.reject(failure);
    if (this.#hasEnded) return Promise.resolve({ done: true, value: undefined });
    const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<T, void>>();
    this.#reject = reject;
    this.#iterator.next().then(
      (result) => {
        this.#reject = undefined;
        if (result.done === true) this.#end();
        return resolve(result.done === true ? { done: true, value: undefined } : result);
      },
      (reason: unknown) => {
        this.#reject = undefined;
        this.#end();
        reject(reason);
      },
    );
    return promise;
  }

  return(): Promise<IteratorResult<T, void>> {
    if (!this.#hasEnded) this.#leave();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #fail(failure: FlightError): void {
    this.#leave();
    if (this.#reject) this.#reject(failure);
    else this.#failure = failure;
  }

  #leave(): void {
    this.#end();
    // Not awaited: a generator that is asked to return while it waits does so only when its wait is over.
    void this.#iterator.return?.().catch(() => {});
  }

  #end(): void {
    this.#hasEnded = true;
    this.#signal.removeEventListener("abort", this.#abort);
  }
}

/**
 * Throws a FlightError if the signal of a call has aborted.
 *
 * @throws FlightError the signal's reason if it is a FlightError; otherwise CANCELLED
 */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw toCancelled(signal.reason);
}

function toCancelled(reason: unknown): FlightError {
  return reason instanceof FlightError
    ? reason
    : new FlightError("cancelled", "the call was cancelled", { cause: reason });
}
