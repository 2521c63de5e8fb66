/**
 * Maps a stream with several at work at a time, and gives the results in the stream's order. Left early, it
 * waits for those at work.
 *
 * @param concurrency - how many are at work at most, at least 1; as many results are held
 */
export async function* mapInOrder<T, R>(
  source: AsyncIterable<T>,
  concurrency: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const pending: Promise<R>[] = [];
  try {
    for await (const item of source) {
      const mapped = map(item);
      // Its failure is thrown when its turn comes; until then it is not unhandled.
      mapped.catch(() => {});
      pending.push(mapped);
      if (pending.length >= concurrency) yield await pending.shift()!;
    }
    while (pending.length > 0) yield await pending.shift()!;
  } finally {
    await Promise.allSettled(pending);
  }
}
