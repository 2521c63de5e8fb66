export * from "./dataset-store.ts";
export type { StoreLog } from "./store-log.ts";
