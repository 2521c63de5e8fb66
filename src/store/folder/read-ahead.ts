/** A stream whose first item is on its way. */
interface Begun<T> {
  readonly items: AsyncIterator<T>;
  readonly first: Promise<IteratorResult<T>>;
}

/**
 * Joins streams. Once a stream has given its first item, the next streams are begun, so that their first items are
 * ready at their turn.
 *
 * @param streams - begins a stream each time its next item is taken
 * @param aheadMax - how many streams are begun before their turn
 * @param hasRoom - whether another one may be begun now
 */
export async function* joinAhead<T>(
  streams: Iterable<AsyncGenerator<T, void, undefined>>,
  { aheadMax, hasRoom }: { readonly aheadMax: number; readonly hasRoom: () => boolean },
): AsyncGenerator<T, void, undefined> {
  const waiting = streams[Symbol.iterator]();
  const ahead: Begun<T>[] = [];
  const begin = (): boolean => {
    const { done, value: items } = waiting.next();
    if (done === true) return false;
    const first = items.next();
    // Its failure is thrown when its turn comes; until then it is not unhandled.
    first.catch(() => {});
    ahead.push({ items, first });
    return true;
  };
  let current: Begun<T> | undefined;
  try {
    for (;;) {
      if (ahead.length === 0) begin();
      current = ahead.shift();
      if (current === undefined) return;
      for (let next = await current.first; next.done !== true; next = await current.items.next()) {
        while (ahead.length < aheadMax && hasRoom() && begin());
        yield next.value;
      }
    }
  } finally {
    const left = [...(current ? [current] : []), ...ahead];
    await Promise.allSettled(left.map(async ({ items }) => await items.return?.()));
  }
}
