/** The chunks of a stream, which Safari cannot iterate by itself. Leaving them cancels the stream. */
export async function* readStream<T>(stream: ReadableStream<T>): AsyncGenerator<T, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Not awaited: it may wait for the source, which is of no use to anybody any more.
    reader.cancel().catch(() => {});
  }
}
