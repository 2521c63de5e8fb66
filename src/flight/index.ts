export * from "./array-places.ts";
export * from "./array-storage.ts";
export * from "./array-values.ts";
export * from "./array-view.ts";
export * from "./assert-utf8.ts";
export * from "./attach-bodies.ts";
export { bitmapByteLength, copyBits } from "./bitmap.ts";
export type { DataType, IntType, SimpleKind, TimeUnit } from "./data-type.ts";
export * from "./dataset-command.ts";
export * from "./dataset-name.ts";
export * from "./descriptor.ts";
export * from "./detach-bodies.ts";
export * from "./encode-batch-header.ts";
export * from "./encode-schema.ts";
export * from "./errors.ts";
export * from "./file-url.ts";
export * from "./flight-data.ts";
export * from "./foreign-status.ts";
export * from "./format-type.ts";
export * from "./frame-codec.ts";
export * from "./frame.ts";
export * from "./glob.ts";
export * from "./ipc-file.ts";
export { decodeFooter, type IpcFileBlock, type IpcFileFooter } from "./ipc-footer.ts";
export * from "./ipc-stream.ts";
export * from "./ipc-stream-of.ts";
export * from "./json-fields.ts";
export * from "./limits.ts";
export {
  decodeMessage,
  messageKind,
  readRowCount,
  type Message,
  type MessageKind,
  type RecordBatchLayout,
} from "./message.ts";
export * from "./pieces.ts";
export * from "./pieced-bytes.ts";
export * from "./project-schema.ts";
export * from "./read-ipc-stream.ts";
export * from "./schema.ts";
export * from "./slice-record-batch.ts";
export { inlineByteLengthMax, viewByteLength } from "./slice-views.ts";
export * from "./wire-message.ts";
export * from "./take-rows.ts";
