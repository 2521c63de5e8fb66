/** Bytes that can be read from anywhere: a file, or what is made to look like one. */
export interface ByteSource {
  readonly byteLength: number;
  /** The bytes from `start` to `end` (exclusive), in memory of their own. @throws Error where there are none any more */
  read(start: number, end: number): Uint8Array<ArrayBuffer>;
}

/** What lies between `start` and `end` (exclusive) of a source, and bytes behind it. */
export function createJoinedSource(source: ByteSource, [start, end]: [number, number], behind: Uint8Array): ByteSource {
  const length = end - start;
  return {
    byteLength: length + behind.byteLength,
    read(from, to) {
      if (to <= length) return source.read(start + from, start + to);
      const bytes = new Uint8Array(to - from);
      if (from < length) bytes.set(source.read(start + from, end));
      bytes.set(behind.subarray(Math.max(0, from - length), to - length), Math.max(0, length - from));
      return bytes;
    },
  };
}
