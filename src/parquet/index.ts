export { decompressFrames } from "./workers/decompress-frames.ts";
export { readParquetFacts, readParquetStatistics, type ParquetFacts, type RowGroupFacts } from "./read/facts.ts";
export { wasmMemoryBytesMax } from "./limits.ts";
export { ParquetPool, type ParquetPoolOptions } from "./workers/pool.ts";
export { readParquetFrames, readSchemaHeader, type ReadOptions } from "./read/read-frames.ts";
export { decodeStorableSchema } from "./write/storable.ts";
export { ParquetWriter, type WriteOptions, type WrittenFile } from "./write/writer.ts";
export type { ColumnStatistics, EncodedSizes, FileStatistics } from "./workers/worker-protocol.ts";
export { JobFailure } from "./workers/worker-thread.ts";
