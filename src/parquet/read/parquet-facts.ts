/** What a file says about itself, read without decoding a row. It never changes and holds no file open. */
export interface ParquetFacts {
  readonly rowCount: bigint;
  /** The file's size in bytes. */
  readonly byteLength: bigint;
  /** The flatbuffer `Message` of the schema: exactly what the first frame of `readParquetFrames` has. */
  readonly schemaHeader: Uint8Array;
  /** As `OpenFile` has it. */
  readonly shownSchema?: Uint8Array | undefined;
  readonly rowGroups: readonly RowGroupFacts[];
  /** About what these facts take in memory, in bytes, for the bound of a cache. */
  readonly heldBytes: number;
}

/** What reading a row group is planned by. */
export interface RowGroupFacts {
  readonly rowCount: number;
  /** Bytes of its values, encoded and not compressed. Where dictionaries are used it may be far less than in Arrow. */
  readonly byteLength: number;
}
