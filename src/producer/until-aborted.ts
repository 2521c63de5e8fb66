import { FlightError } from "../flight/index.ts";

/** What `untilAborted` has wrapped, by its result. */
const wrapped = new WeakMap<object, { readonly source: AsyncIterable<unknown>; readonly signal: AbortSignal }>();

/**
 * Passes a peer's stream on until a signal aborts, then throws even if the stream itself stays silent. A stream that came
 * out of here ends by either signal, and each item is still waited for only once.
 *
 * @throws FlightError the signal's reason if it is a FlightError; otherwise CANCELLED
 */
export function untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void, undefined> {
  const inner = wrapped.get(source) as { source: AsyncIterable<T>; signal: AbortSignal } | undefined;
  const parts = inner ? { source: inner.source, signal: AbortSignal.any([inner.signal, signal]) } : { source, signal };
  const stream = passOn(parts.source, parts.signal);
  wrapped.set(stream, parts);
  return stream;
}

async function* passOn<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await nextOrAbort(iterator, signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a generator that is asked to return while it waits does so only when its wait is over.
    void iterator.return?.().catch(() => {});
  }
}

/** Adds a listener for each item. A promise for the whole stream would keep a reaction for each item. */
function nextOrAbort<T>(iterator: AsyncIterator<T>, signal: AbortSignal): Promise<IteratorResult<T>> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(toCancelled(signal.reason));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    void iterator
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
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
