export * from "./call-context.ts";
export * from "./dataset-catalog.ts";
export * from "./dataset-flight.ts";
export * from "./flight-producer.ts";
export * from "./memory-producer.ts";
export * from "./own-locations.ts";
export * from "./receive-put.ts";
export * from "./until-aborted.ts";
