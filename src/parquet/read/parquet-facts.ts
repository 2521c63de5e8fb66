/** The schema and sizes of a file, read without decoding rows. The object never changes and holds no file open. */
export interface ParquetFacts {
  readonly rowCount: bigint;
  /** The file's size in bytes. */
  readonly byteLength: bigint;
  /** The flatbuffer `Message` of the schema: exactly the header of the first frame of `readParquetFrames`. */
  readonly schemaHeader: Uint8Array;
  /** The same as in `OpenFile`. */
  readonly shownSchema?: Uint8Array | undefined;
  readonly rowGroups: readonly RowGroupFacts[];
  /** The approximate memory of these facts in bytes, for the limit of a cache. */
  readonly heldBytes: number;
}

/** The sizes of a row group, for planning reads. */
export interface RowGroupFacts {
  readonly rowCount: number;
  /** The encoded, uncompressed bytes of its values. With dictionaries, they may be much smaller than the Arrow data. */
  readonly byteLength: number;
}

/** The memory of an object with two numbers, and of its place in an array, in bytes. */
const rowGroupFactsBytes = 40;

/** Returns the facts of a file from its sizes and its schema. */
export function toParquetFacts(file: Omit<ParquetFacts, "rowCount" | "heldBytes">): ParquetFacts {
  const { schemaHeader, shownSchema, rowGroups } = file;
  return {
    ...file,
    rowCount: rowGroups.reduce((sum, group) => sum + BigInt(group.rowCount), 0n),
    heldBytes: schemaHeader.byteLength + (shownSchema?.byteLength ?? 0) + rowGroups.length * rowGroupFactsBytes,
  };
}
