/** A part of a body: views of the body's chunks. */
export interface GatheredPiece {
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
  /** Whether the body ends with this part. */
  readonly isEnd: boolean;
}

/**
 * Divides a body into pieces, without a copy. Chunks that are available at the same time are in one piece. A chunk
 * before a pause is in a piece of its own. The last piece may be empty.
 *
 * @param byteLengthMax - returns the maximum length of the next piece
 */
export async function* gatherPieces(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  byteLengthMax: () => number,
): AsyncGenerator<GatheredPiece, void, undefined> {
  const source = toAsyncIterator(body);
  let chunks: Uint8Array[] = [];
  let byteLength = 0;
  const flush = (isEnd: boolean): GatheredPiece => {
    const piece = { chunks, byteLength, isEnd };
    chunks = [];
    byteLength = 0;
    return piece;
  };
  try {
    let next = source.next();
    for (;;) {
      if (byteLength > 0 && !(await settlesAtOnce(next))) yield flush(false);
      const { done, value } = await next;
      if (done === true) break;
      next = source.next();
      // It is awaited in the next round. Until then, nothing else handles its failure.
      next.catch(() => {});
      for (let rest: Uint8Array = value; rest.byteLength > 0;) {
        // The maximum may have become smaller since the piece was begun.
        const room = Math.max(0, byteLengthMax() - byteLength);
        const part = rest.subarray(0, room);
        if (part.byteLength > 0) chunks.push(part);
        byteLength += part.byteLength;
        rest = rest.subarray(part.byteLength);
        if (part.byteLength === room) yield flush(false);
      }
    }
    yield flush(true);
  } finally {
    await source.return(undefined);
  }
}

async function* toAsyncIterator<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* source;
}

/** Whether a promise settles within the current turn of the event loop. */
async function settlesAtOnce(promise: Promise<unknown>): Promise<boolean> {
  const turn = Promise.withResolvers<false>();
  const timer = setTimeout(() => turn.resolve(false), 0);
  const settled = promise.then(
    () => true,
    () => true,
  );
  const isSettled = await Promise.race([settled, turn.promise]);
  clearTimeout(timer);
  return isSettled;
}
