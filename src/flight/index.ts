export * from "./data-type.ts";
export * from "./descriptor.ts";
export * from "./errors.ts";
export * from "./frame.ts";
export * from "./ipc-stream.ts";
export * from "./limits.ts";
export { decodeMessage, messageKind, type Message, type MessageKind, type RecordBatchLayout } from "./message.ts";
export * from "./schema.ts";
