import { ByteBuffer } from "flatbuffers";
import { CompressionType } from "apache-arrow/fb/compression-type";
import { DictionaryBatch as DictionaryBatchTable } from "apache-arrow/fb/dictionary-batch";
import { Message as MessageTable } from "apache-arrow/fb/message";
import { MessageHeader } from "apache-arrow/fb/message-header";
import { RecordBatch as RecordBatchTable } from "apache-arrow/fb/record-batch";
import { Schema as SchemaTable } from "apache-arrow/fb/schema";
import { FlightError, headerBytesMax } from "../flight/index.ts";
import { bufferCountMax, fieldCountMax } from "./limits.ts";

/** The kind of a frame's header; `none` if the frame has no header, only application metadata. */
export type MessageKind = "none" | "schema" | "dictionary_batch" | "record_batch";

/** The layout of the body of a record batch or a dictionary batch. */
export interface RecordBatchLayout {
  /** The number of rows. */
  readonly rowCount: number;
  /** The nodes: one for each field, a parent before its children. */
  readonly nodes: readonly { readonly length: number; readonly nullCount: number }[];
  /** The position and length of each buffer in the body, in bytes. */
  readonly buffers: readonly { readonly byteOffset: number; readonly byteLength: number }[];
  /** The number of data buffers of each view column. */
  readonly variadicCounts: readonly number[];
  /** The compression of the buffers; undefined if they are not compressed. */
  readonly compression?: "lz4_frame" | "zstd";
}

/** A decoded header. `bodyLength` is the length of the body in bytes. */
export type Message =
  | { readonly kind: "none" | "schema"; readonly bodyLength: number }
  | { readonly kind: "record_batch"; readonly bodyLength: number; readonly layout: RecordBatchLayout }
  | {
      readonly kind: "dictionary_batch";
      readonly bodyLength: number;
      readonly layout: RecordBatchLayout;
      readonly id: bigint;
      /** Whether the values are appended to the dictionary; otherwise they replace its values. */
      readonly isDelta: boolean;
    };

/** The root table of a header, for readers that need only parts of it. */
export type MessageRoot = { readonly bodyLength: number } & (
  | { readonly kind: "none" }
  | { readonly kind: "schema"; readonly table: SchemaTable }
  | { readonly kind: "record_batch"; readonly table: RecordBatchTable }
  | { readonly kind: "dictionary_batch"; readonly table: DictionaryBatchTable }
);

/** Returns the kind of a header, without decoding the rest. @throws FlightError INVALID_ARGUMENT as `decodeMessage` */
export function messageKind(header: Uint8Array): MessageKind {
  return readMessage(header, (message) => message.kind);
}

/** Returns whether the body of a batch is compressed, without decoding its layout. */
export function hasCompressedBody(header: Uint8Array): boolean {
  return readMessage(header, (message) => {
    const batch =
      message.kind === "dictionary_batch" ? message.table.data() : "table" in message ? message.table : null;
    return batch instanceof RecordBatchTable && batch.compression() !== null;
  });
}

/**
 * Returns the row count of a record batch, without decoding the rest of its header. Undefined for other messages and
 * for invalid ones, which the user of the frame reports.
 */
export function readRowCount(header: Uint8Array): number | undefined {
  try {
    return readMessage(header, (message) =>
      message.kind === "record_batch" ? toCount(message.table.length(), "a row count") : undefined,
    );
  } catch {
    return undefined;
  }
}

/**
 * Decodes a frame's header: its kind, and the layout of the body.
 *
 * Counts and positions are checked on their own (whole, not negative, within limits), but not against a schema or a body.
 *
 * @throws FlightError INVALID_ARGUMENT if the header is not an Arrow message
 */
export function decodeMessage(header: Uint8Array): Message {
  const decoded = readMessage(header, (message): Message => {
    const { kind, bodyLength } = message;
    if (kind === "record_batch") return { kind, bodyLength, layout: decodeLayout(message.table) };
    if (kind === "dictionary_batch") {
      const data = message.table.data();
      if (data === null) throw new FlightError("invalid_argument", "a dictionary batch has no values");
      return { kind, bodyLength, layout: decodeLayout(data), id: message.table.id(), isDelta: message.table.isDelta() };
    }
    return { kind, bodyLength };
  });
  // A writer keeps thousands of batches after it has decoded them. Their opened roots would take more than their headers.
  roots.delete(header);
  return decoded;
}

/** Root tables of headers that have been opened. A frame passes several readers, and its header does not change. */
const roots = new WeakMap<Uint8Array, MessageRoot>();

/** Opens a header once and hands its root to `read`; whatever goes wrong inside becomes INVALID_ARGUMENT. */
export function readMessage<T>(header: Uint8Array, read: (message: MessageRoot) => T): T {
  if (header.byteLength > headerBytesMax) {
    throw new FlightError(
      "invalid_argument",
      `a header has ${header.byteLength} bytes; the maximum is ${headerBytesMax}`,
    );
  }
  try {
    let root = roots.get(header);
    if (root === undefined) roots.set(header, (root = openMessage(header)));
    return read(root);
  } catch (reason) {
    if (reason instanceof FlightError) throw reason;
    throw new FlightError("invalid_argument", "a header is not an Arrow message", { cause: reason });
  }
}

function openMessage(header: Uint8Array): MessageRoot {
  if (header.byteLength === 0) return { kind: "none", bodyLength: 0 };
  if (header.byteLength < 8) throw new FlightError("invalid_argument", "a header is too short for an Arrow message");
  const message = MessageTable.getRootAsMessage(new ByteBuffer(header));
  const bodyLength = toCount(message.bodyLength(), "a body length");
  switch (message.headerType()) {
    case MessageHeader.Schema:
      return { kind: "schema", bodyLength, table: opened(message.header(new SchemaTable())) };
    case MessageHeader.RecordBatch:
      return { kind: "record_batch", bodyLength, table: opened(message.header(new RecordBatchTable())) };
    case MessageHeader.DictionaryBatch:
      return { kind: "dictionary_batch", bodyLength, table: opened(message.header(new DictionaryBatchTable())) };
    default:
      throw new FlightError("invalid_argument", "a header is neither a schema nor a dictionary or record batch");
  }
}

function opened<T>(table: T | null): T {
  if (table === null) throw new FlightError("invalid_argument", "a header has no content for its message type");
  return table;
}

function decodeLayout(table: RecordBatchTable): RecordBatchLayout {
  const compression = table.compression();
  return {
    rowCount: toCount(table.length(), "a row count"),
    nodes: collect(
      table,
      { what: "nodes", count: table.nodesLength(), countMax: fieldCountMax, elementBytes: 16 },
      structReader(table.nodes(0), (count) => ({
        length: count(0, "a node's length"),
        nullCount: count(8, "a null count"),
      })),
    ),
    buffers: collect(
      table,
      { what: "buffers", count: table.buffersLength(), countMax: bufferCountMax, elementBytes: 16 },
      structReader(table.buffers(0), (count) => ({
        byteOffset: count(0, "a buffer's offset"),
        byteLength: count(8, "a buffer's length"),
      })),
    ),
    variadicCounts: collect(
      table,
      {
        what: "counts of view buffers",
        count: table.variadicBufferCountsLength(),
        countMax: fieldCountMax,
        elementBytes: 8,
      },
      (i) => toCount(table.variadicBufferCounts(i) ?? 0n, "a count of view buffers"),
    ),
    ...(compression && { compression: compression.codec() === CompressionType.ZSTD ? "zstd" : "lz4_frame" }),
  };
}

interface VectorOfStructs {
  readonly what: string;
  readonly count: number;
  readonly countMax: number;
  readonly elementBytes: number;
}

/**
 * Reads a vector of structs or scalars. A vector that is larger than its header is invalid: reads past the header would
 * return zeros.
 */
function collect<T>(
  { bb }: RecordBatchTable,
  { what, count, countMax, elementBytes }: VectorOfStructs,
  at: (index: number) => T,
): T[] {
  if (count > countMax)
    throw new FlightError("invalid_argument", `a batch declares ${count} ${what}; the maximum is ${countMax}`);
  if (count * elementBytes > (bb?.capacity() ?? 0))
    throw new FlightError("invalid_argument", `a batch declares ${count} ${what}, more than its header has`);
  // `Array.from` takes several times as long.
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(at(i));
  return items;
}

/** Reads an int64 of a struct, at an offset in bytes. */
type ReadCount = (byteOffset: number, what: string) => number;

/**
 * Returns a function that reads the structs of a vector, of two int64 each. A batch of a wide table has thousands of
 * them, and an object and two bigints for each would take most of the time.
 *
 * @param first - the first struct of the vector
 */
function structReader<T>(
  first: { readonly bb: ByteBuffer | null; readonly bb_pos: number } | null,
  read: (count: ReadCount) => T,
): (index: number) => T {
  let at = 0;
  const count: ReadCount = (byteOffset, what) => {
    const bb = opened(first).bb!;
    const high = bb.readInt32(at + byteOffset + 4);
    if (high < 0 || high >= 2 ** 21) throw outOfRange(bb.readInt64(at + byteOffset), what);
    return high * 2 ** 32 + bb.readUint32(at + byteOffset);
  };
  return (index) => {
    at = opened(first).bb_pos + 16 * index;
    return read(count);
  };
}

function toCount(value: bigint, what: string): number {
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) throw outOfRange(value, what);
  return Number(value);
}

function outOfRange(value: bigint, what: string): FlightError {
  return new FlightError("invalid_argument", `${what} is out of range (${value})`);
}
