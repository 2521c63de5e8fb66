export { decompressFrames } from "./decompress-frames.ts";
export { readParquetFacts, readParquetStatistics, type ParquetFacts, type RowGroupFacts } from "./facts.ts";
export { wasmMemoryBytesMax } from "./limits.ts";
export { ParquetPool, type ParquetPoolOptions } from "./pool.ts";
export { readParquetFrames, readSchemaHeader, type ReadOptions } from "./read-frames.ts";
export { decodeStorableSchema } from "./storable.ts";
export { ParquetWriter, type WriteOptions, type WrittenFile } from "./writer.ts";
export type { ColumnStatistics, EncodedSizes, FileStatistics } from "./worker-protocol.ts";
