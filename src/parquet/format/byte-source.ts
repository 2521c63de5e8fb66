/** A source of bytes: a file, or the presentation of a file. */
export interface ByteSource {
  readonly byteLength: number;
  /** Reads the bytes from `start` to `end` (exclusive) into new memory. @throws Error if they no longer exist */
  read(start: number, end: number): Uint8Array<ArrayBuffer>;
}

/** The bytes between `start` and `end` (exclusive) of a source, and more bytes after them. */
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
