export { readParquetFacts } from "./facts.js";
export { ParquetPool } from "./pool.js";
export { readParquetFrames } from "./read-frames.js";
export { assertStorable } from "./storable.js";
export { ParquetWriter } from "./writer.js";
//# sourceMappingURL=index.js.map