/**
 * Forwards a stream, and yields a heartbeat whenever the stream was silent for a while. A stream that waits for its
 * reader is not silent.
 *
 * @param intervalMs - the maximum silence
 */
export async function* withHeartbeat<T>(source: AsyncIterable<T>, intervalMs: number, heartbeat: T): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const silence = Symbol("silence");
  try {
    let next = iterator.next();
    for (;;) {
      const timer = Promise.withResolvers<typeof silence>();
      const timeout = setTimeout(() => timer.resolve(silence), intervalMs);
      const result = await Promise.race([next, timer.promise]).finally(() => clearTimeout(timeout));
      if (result === silence) {
        yield heartbeat;
        continue;
      }
      if (result.done === true) return;
      yield result.value;
      next = iterator.next();
    }
  } finally {
    void iterator.return?.(undefined)?.catch(() => {});
  }
}
