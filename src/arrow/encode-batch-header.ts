import { Builder, ByteBuffer } from "flatbuffers";
import { DictionaryBatch } from "apache-arrow/fb/dictionary-batch";
import { Message } from "apache-arrow/fb/message";
import { MessageHeader } from "apache-arrow/fb/message-header";
import { MetadataVersion } from "apache-arrow/fb/metadata-version";
import { RecordBatch } from "apache-arrow/fb/record-batch";
import type { RecordBatchLayout } from "./message.ts";

/** The content of a batch header. Nodes and buffers are pairs of numbers, in turns, because there may be thousands. */
export interface BatchHeader {
  readonly rowCount: number;
  /** The length and the null count of each node. */
  readonly nodes: readonly number[];
  /** The offset and the length of each buffer in the body, in bytes. */
  readonly buffers: readonly number[];
  /** The number of data buffers of each view column. */
  readonly variadicCounts: readonly number[];
  readonly bodyByteLength: number;
  /** Makes it a dictionary batch: the values of that dictionary. */
  readonly dictionaryId?: bigint;
  /** Whether the values are appended to the dictionary; by default, they replace its values. */
  readonly isDelta?: boolean;
}

/** Returns a decoded layout as `encodeBatchHeader` takes it. */
export function toPairs({ rowCount, nodes, buffers, variadicCounts }: RecordBatchLayout) {
  return {
    rowCount,
    nodes: nodes.flatMap(({ length, nullCount }) => [length, nullCount]),
    buffers: buffers.flatMap(({ byteOffset, byteLength }) => [byteOffset, byteLength]),
    variadicCounts,
  };
}

/**
 * Encodes the flatbuffer `Message` of an uncompressed record batch or dictionary batch. Null counts may be written later
 * (`writeNullCounts`).
 */
export function encodeBatchHeader(header: BatchHeader): Uint8Array {
  const { bodyByteLength, dictionaryId, isDelta = false } = header;
  const builder = new Builder(256 + 8 * (header.nodes.length + header.buffers.length));
  const batch = encodeRecordBatch(builder, header);
  const table =
    dictionaryId === undefined ? batch : encodeDictionaryBatch(builder, { id: dictionaryId, data: batch, isDelta });
  Message.startMessage(builder);
  Message.addVersion(builder, MetadataVersion.V5);
  Message.addHeaderType(
    builder,
    dictionaryId === undefined ? MessageHeader.RecordBatch : MessageHeader.DictionaryBatch,
  );
  Message.addHeader(builder, table);
  Message.addBodyLength(builder, BigInt(bodyByteLength));
  Message.finishMessageBuffer(builder, Message.endMessage(builder));
  return builder.asUint8Array().slice();
}

/** Where a `FieldNode`, a struct of two int64, has its null count, in bytes. Source: Arrow's Message.fbs. */
const nullCountOffset = 8;
const nodeByteLength = 16;

/** Replaces the null counts in a header that `encodeBatchHeader` has made with zeros. @param nodes - as in `BatchHeader` */
export function writeNullCounts(header: Uint8Array, nodes: BatchHeader["nodes"]): void {
  if (nodes.every((count, i) => i % 2 === 0 || count === 0)) return;
  const message = Message.getRootAsMessage(new ByteBuffer(header));
  const isDictionary = message.headerType() === MessageHeader.DictionaryBatch;
  const batch = isDictionary ? message.header(new DictionaryBatch())?.data() : message.header(new RecordBatch());
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const start = batch!.nodes(0)!.bb_pos + nullCountOffset;
  for (let i = 0; 2 * i < nodes.length; i++) {
    const nullCount = nodes[2 * i + 1]!;
    view.setUint32(start + i * nodeByteLength, nullCount % 2 ** 32, true);
    view.setUint32(start + i * nodeByteLength + 4, Math.floor(nullCount / 2 ** 32), true);
  }
}

function encodeRecordBatch(builder: Builder, header: BatchHeader): number {
  RecordBatch.startNodesVector(builder, header.nodes.length / 2);
  writePairs(builder, header.nodes);
  const nodes = builder.endVector();
  RecordBatch.startBuffersVector(builder, header.buffers.length / 2);
  writePairs(builder, header.buffers);
  const buffers = builder.endVector();
  const variadicCounts =
    header.variadicCounts.length === 0
      ? undefined
      : RecordBatch.createVariadicBufferCountsVector(builder, header.variadicCounts.map(BigInt));
  RecordBatch.startRecordBatch(builder);
  RecordBatch.addLength(builder, BigInt(header.rowCount));
  RecordBatch.addNodes(builder, nodes);
  RecordBatch.addBuffers(builder, buffers);
  if (variadicCounts !== undefined) RecordBatch.addVariadicBufferCounts(builder, variadicCounts);
  return RecordBatch.endRecordBatch(builder);
}

/**
 * Writes structs of two int64, which `FieldNode` and `Buffer` are, from the last to the first. A batch of a wide table has
 * thousands of them, and bigints would take most of the time.
 */
function writePairs(builder: Builder, numbers: readonly number[]): void {
  for (let i = numbers.length - 2; i >= 0; i -= 2) {
    builder.prep(8, 16);
    writeInteger(builder, numbers[i + 1]!);
    writeInteger(builder, numbers[i]!);
  }
}

/** Writes an int64 from 0 to 2^53 before the bytes that were written. */
function writeInteger(builder: Builder, value: number): void {
  builder.writeInt32(Math.floor(value / 2 ** 32));
  builder.writeInt32(value | 0);
}

function encodeDictionaryBatch(
  builder: Builder,
  { id, data, isDelta }: { id: bigint; data: number; isDelta: boolean },
): number {
  DictionaryBatch.startDictionaryBatch(builder);
  DictionaryBatch.addId(builder, id);
  DictionaryBatch.addData(builder, data);
  DictionaryBatch.addIsDelta(builder, isDelta);
  return DictionaryBatch.endDictionaryBatch(builder);
}
