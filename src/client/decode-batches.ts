import {
  RecordBatchReader,
  tableFromIPC,
  type AsyncRecordBatchStreamReader,
  type RecordBatch,
  type Schema,
} from "apache-arrow";
import { createFrame, FlightError, type FlightFrame } from "../flight/index.ts";
import {
  decodeMessage,
  decodeSchema,
  encodeSchemaMessage,
  ipcMessageByteLength,
  type MessageKind,
  writeIpcMessage,
} from "../arrow/index.ts";

/**
 * Decodes a schema to a schema of apache-arrow.
 *
 * @param header - the flatbuffer `Message`, without length prefix
 * @throws FlightError UNIMPLEMENTED if apache-arrow does not support a type; INVALID_ARGUMENT as `decodeSchema`
 */
export function toArrowSchema(header: Uint8Array): Schema {
  assertBounded(header);
  try {
    return tableFromIPC(encodeSchemaMessage(header)).schema;
  } catch (reason) {
    throw undecodable(reason);
  }
}

/**
 * Decodes the record batches of a stream of frames as they arrive. Each batch has its own memory.
 *
 * @param onSchema - called with the schema before the first batch, or at the end if there is no batch
 * @throws FlightError UNIMPLEMENTED if apache-arrow cannot decode a message; errors of `frames`
 */
export async function* decodeBatches(
  frames: AsyncIterable<FlightFrame>,
  onSchema: (schema: Schema) => void,
): AsyncGenerator<RecordBatch, void, undefined> {
  const progress: Progress = { batchCount: 0 };
  const chunks = toIpcChunks(frames, progress);
  const reader = await openReader(chunks);
  try {
    await reader.open();
    if (reader.schema) onSchema(reader.schema);
    for await (const batch of reader) {
      // For a stream without batches, the reader invents an empty one.
      if (progress.batchCount > 0) yield batch;
    }
  } catch (reason) {
    throw progress.failure ? progress.failure.reason : undecodable(reason);
  } finally {
    // A cancelled reader does not close its source.
    await reader.cancel();
    await chunks.return(undefined);
  }
}

/** Without Node's types, apache-arrow's declarations treat the source as synchronous. */
function openReader(chunks: AsyncIterable<Uint8Array>): Promise<AsyncRecordBatchStreamReader> {
  const opening: unknown = RecordBatchReader.from(chunks);
  return opening as Promise<AsyncRecordBatchStreamReader>;
}

interface Progress {
  batchCount: number;
  /** The error of the frames. */
  failure?: { readonly reason: unknown };
}

async function* toIpcChunks(frames: AsyncIterable<FlightFrame>, progress: Progress): AsyncGenerator<Uint8Array> {
  try {
    for await (const frame of frames) {
      const kind = assertBounded(frame.header);
      if (kind === "none") continue;
      if (kind === "record_batch") progress.batchCount += 1;
      const { header, body } = frame;
      const chunk = new Uint8Array(ipcMessageByteLength(frame));
      writeIpcMessage(chunk, 0, createFrame({ header, body }));
      yield chunk;
      // The reader requests one chunk more than it needs. With an empty one, it does not wait for the next frame.
      yield new Uint8Array(0);
    }
  } catch (reason) {
    progress.failure = { reason };
    throw reason;
  }
}

/**
 * Asserts that a header is valid before apache-arrow reads it, because apache-arrow has no limits. Returns its kind.
 */
function assertBounded(header: Uint8Array): MessageKind {
  const { kind } = decodeMessage(header);
  if (kind === "schema") decodeSchema(header);
  return kind;
}

function undecodable(reason: unknown): FlightError {
  const message = reason instanceof Error ? reason.message : String(reason);
  return new FlightError("unimplemented", `apache-arrow cannot decode the data: ${message}`, { cause: reason });
}
