export * from "./dataset-store.ts";
