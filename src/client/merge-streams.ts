/** Options of `mergeStreams`. */
export interface MergeOptions {
  /** The maximum number of open streams; at least 1. */
  readonly openMax: number;
  /** Whether items keep the order of the streams; otherwise they come in the order of their arrival. */
  readonly isOrdered: boolean;
}

/** A stream whose next item was requested. */
interface Asked<T> {
  readonly stream: AsyncGenerator<T>;
  arrived?: { readonly result: IteratorResult<T> } | { readonly reason: unknown };
}

/**
 * Merges streams into one. Several streams are open at the same time, and each has at most one waiting item. The first
 * error ends the result. If the result ends, the other streams are asked to return; a waiting stream returns after its
 * wait.
 *
 * @param streams - each function starts a stream
 */
export async function* mergeStreams<T>(
  streams: Iterable<() => AsyncGenerator<T>>,
  { openMax, isOrdered }: MergeOptions,
): AsyncGenerator<T, void, undefined> {
  const waiting = streams[Symbol.iterator]();
  const open: Asked<T>[] = [];
  let wake = (): void => {};
  const ask = (stream: AsyncGenerator<T>): Asked<T> => {
    const asked: Asked<T> = { stream };
    stream.next().then(
      (result) => ((asked.arrived = { result }), wake()),
      (reason: unknown) => ((asked.arrived = { reason }), wake()),
    );
    return asked;
  };
  try {
    for (;;) {
      while (open.length < openMax) {
        const next = waiting.next();
        if (next.done === true) break;
        open.push(ask(next.value()));
      }
      if (open.length === 0) return;
      const index = isOrdered ? 0 : open.findIndex(({ arrived }) => arrived !== undefined);
      const { stream, arrived } = open[index] ?? {};
      if (stream === undefined || arrived === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      open.splice(index, 1);
      if ("reason" in arrived) throw arrived.reason;
      if (arrived.result.done === true) continue;
      // Its next item is requested before this one is yielded. Without an order, the stream goes behind the others, so
      // that none of them waits forever.
      open.splice(isOrdered ? 0 : open.length, 0, ask(stream));
      yield arrived.result.value;
    }
  } finally {
    for (const { stream } of open) stream.return(undefined).catch(() => {});
  }
}
