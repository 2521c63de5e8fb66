/**
 * Yields the chunks of a stream, which Safari cannot iterate. If the caller stops reading early, the stream is
 * cancelled.
 */
export async function* readStream<T>(stream: ReadableStream<T>): AsyncGenerator<T, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Not awaited: the cancellation may wait for a source that no code needs any more.
    reader.cancel().catch(() => {});
  }
}
