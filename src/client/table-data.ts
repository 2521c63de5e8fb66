import type { RecordBatch, Schema, Table } from "apache-arrow";
import { batchBodyBytesTarget, FlightError, type FlightFrame } from "../flight/index.ts";
import {
  cutRecordBatch,
  decodeIpcStream,
  decodeMessage,
  decodeSchema,
  readIpcStream,
  viewRecordBatch,
  type Field,
} from "../arrow/index.ts";
import { encodeBatches, notArrowData } from "./encode-batches.ts";
import { readStream } from "./read-stream.ts";

/** Record batches of one schema. */
export type Batches = Iterable<RecordBatch> | AsyncIterable<RecordBatch>;
/** The bytes of an Arrow IPC stream, in chunks of any size. */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Data for a put: an Arrow table; one record batch, or an iterable or stream of record batches of one schema; the bytes
 * of an IPC stream, or an iterable or stream of its chunks.
 */
export type TableData =
  Table | RecordBatch | Batches | ReadableStream<RecordBatch> | Uint8Array | Chunks | ReadableStream<Uint8Array>;

/**
 * Converts data to frames. The first frame has the schema. Record batches are split into batches of about 2 MiB. Only
 * split batches are copied, besides what apache-arrow copies to encode a batch.
 *
 * @throws FlightError INVALID_ARGUMENT if the data is not of a supported kind; errors of the iterable
 */
export async function* toFrames(data: TableData): AsyncGenerator<FlightFrame, void, undefined> {
  let fields: readonly Field[] = [];
  for await (const frame of toWholeFrames(data)) {
    const message = decodeMessage(frame.header);
    if (message.kind === "schema") fields = decodeSchema(frame.header).fields;
    if (message.kind !== "record_batch" || message.bodyLength <= batchBodyBytesTarget) {
      yield frame;
      continue;
    }
    const slices = cut(fields, frame, message.layout);
    if (slices === undefined) yield frame;
    else for (const slice of slices) yield slice.toFrame();
  }
}

function cut(
  fields: readonly Field[],
  { body }: FlightFrame,
  layout: Parameters<typeof viewRecordBatch>[0]["layout"],
): ReturnType<typeof cutRecordBatch> | undefined {
  try {
    const arrays = viewRecordBatch({ fields, layout, body });
    return cutRecordBatch(arrays, layout.rowCount, { bodyBytesMax: batchBodyBytesTarget });
  } catch (reason) {
    // Compressed bodies, unions and some other types cannot be divided. They are sent unchanged.
    if (reason instanceof FlightError && reason.code === "unimplemented") return undefined;
    throw reason;
  }
}

async function* toWholeFrames(data: TableData): AsyncGenerator<FlightFrame, void, undefined> {
  if (typeof data !== "object" || data === null) throw notArrowData();
  if (data instanceof Uint8Array) yield* decodeIpcStream(data);
  else if (isTable(data)) yield* readIpcStream(encodeBatches(data.batches, data.schema));
  else if (isBatch(data)) yield* readIpcStream(encodeBatches([data]));
  else yield* readIpcStream(toChunks(iterate(data)));
}

/** The first item decides whether an iterable has record batches or bytes. */
async function* toChunks(items: AsyncGenerator<RecordBatch | Uint8Array>): AsyncGenerator<Uint8Array> {
  const first = await items.next();
  const all = async function* <T>(): AsyncGenerator<T> {
    if (first.done === true) return;
    yield first.value as T;
    yield* items as AsyncGenerator<T>;
  };
  try {
    if (first.value instanceof Uint8Array) yield* all<Uint8Array>();
    else yield* encodeBatches(all<RecordBatch>());
  } finally {
    await items.return(undefined);
  }
}

async function* iterate(data: Batches | Chunks | ReadableStream<RecordBatch | Uint8Array>) {
  if (data instanceof ReadableStream) yield* readStream(data);
  else if (Symbol.asyncIterator in data || Symbol.iterator in data) yield* data;
  else throw notArrowData();
}

function isTable(data: object): data is Table & { readonly schema: Schema } {
  return "batches" in data && "schema" in data;
}

function isBatch(data: object): data is RecordBatch {
  return "numRows" in data && "schema" in data;
}
