export { ParquetPool, type ParquetPoolOptions } from "../parquet/index.ts";
export * from "./dataset-store.ts";
export type { StoreLog } from "./store-log.ts";
