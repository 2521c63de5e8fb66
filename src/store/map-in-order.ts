/**
 * Maps a stream, several items at a time. The results have the order of the stream. If the caller stops early, it waits
 * for the running items.
 *
 * @param concurrency - the maximum number of running items, at least 1. As many results are held.
 */
export async function* mapInOrder<T, R>(
  source: AsyncIterable<T>,
  concurrency: number,
  map: (item: T) => R | Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const pending: (R | Promise<R>)[] = [];
  try {
    for await (const item of source) {
      const mapped = map(item);
      // Its failure is thrown when its turn comes; until then it is not unhandled.
      if (mapped instanceof Promise) mapped.catch(() => {});
      // What is there already need not wait for others, and `yield` waits for a promise itself.
      else if (pending.length === 0) {
        yield mapped;
        continue;
      }
      pending.push(mapped);
      if (pending.length >= concurrency) yield pending.shift()!;
    }
    while (pending.length > 0) yield pending.shift()!;
  } finally {
    await Promise.allSettled(pending);
  }
}
