export * from "./call-context.ts";
export * from "./dataset-catalog.ts";
export * from "./flight-producer.ts";
