import { Builder, ByteBuffer } from "flatbuffers";
import { DictionaryBatch } from "apache-arrow/fb/dictionary-batch";
import { Message } from "apache-arrow/fb/message";
import { MessageHeader } from "apache-arrow/fb/message-header";
import { MetadataVersion } from "apache-arrow/fb/metadata-version";
import { RecordBatch } from "apache-arrow/fb/record-batch";
import type { RecordBatchLayout } from "./message.ts";

/** The content of a batch header. */
export interface BatchHeader {
  readonly layout: RecordBatchLayout;
  readonly bodyByteLength: number;
  /** Makes it a dictionary batch: the values of that dictionary. */
  readonly dictionaryId?: bigint;
  /** Whether the values are appended to the dictionary; by default, they replace its values. */
  readonly isDelta?: boolean;
}

/**
 * Encodes the flatbuffer `Message` of an uncompressed record batch or dictionary batch. Null counts may be written later
 * (`writeNullCounts`).
 */
export function encodeBatchHeader({ layout, bodyByteLength, dictionaryId, isDelta = false }: BatchHeader): Uint8Array {
  const builder = new Builder(256 + 16 * (layout.nodes.length + layout.buffers.length));
  const batch = encodeRecordBatch(builder, layout);
  const header =
    dictionaryId === undefined ? batch : encodeDictionaryBatch(builder, { id: dictionaryId, data: batch, isDelta });
  Message.startMessage(builder);
  Message.addVersion(builder, MetadataVersion.V5);
  Message.addHeaderType(
    builder,
    dictionaryId === undefined ? MessageHeader.RecordBatch : MessageHeader.DictionaryBatch,
  );
  Message.addHeader(builder, header);
  Message.addBodyLength(builder, BigInt(bodyByteLength));
  Message.finishMessageBuffer(builder, Message.endMessage(builder));
  return builder.asUint8Array().slice();
}

/** Where a `FieldNode`, a struct of two int64, has its null count, in bytes. Source: Arrow's Message.fbs. */
const nullCountOffset = 8;
const nodeByteLength = 16;

/** Replaces the null counts in a header that `encodeBatchHeader` has made with zeros. */
export function writeNullCounts(header: Uint8Array, nodes: RecordBatchLayout["nodes"]): void {
  if (nodes.every(({ nullCount }) => nullCount === 0)) return;
  const message = Message.getRootAsMessage(new ByteBuffer(header));
  const isDictionary = message.headerType() === MessageHeader.DictionaryBatch;
  const batch = isDictionary ? message.header(new DictionaryBatch())?.data() : message.header(new RecordBatch());
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const start = batch!.nodes(0)!.bb_pos + nullCountOffset;
  for (const [i, { nullCount }] of nodes.entries()) {
    view.setUint32(start + i * nodeByteLength, nullCount % 2 ** 32, true);
    view.setUint32(start + i * nodeByteLength + 4, Math.floor(nullCount / 2 ** 32), true);
  }
}

function encodeRecordBatch(builder: Builder, layout: RecordBatchLayout): number {
  RecordBatch.startNodesVector(builder, layout.nodes.length);
  for (const { length, nullCount } of layout.nodes.toReversed()) {
    writePair(builder, length, nullCount);
  }
  const nodes = builder.endVector();
  RecordBatch.startBuffersVector(builder, layout.buffers.length);
  for (const { byteOffset, byteLength } of layout.buffers.toReversed()) {
    writePair(builder, byteOffset, byteLength);
  }
  const buffers = builder.endVector();
  const variadicCounts =
    layout.variadicCounts.length === 0
      ? undefined
      : RecordBatch.createVariadicBufferCountsVector(builder, layout.variadicCounts.map(BigInt));
  RecordBatch.startRecordBatch(builder);
  RecordBatch.addLength(builder, BigInt(layout.rowCount));
  RecordBatch.addNodes(builder, nodes);
  RecordBatch.addBuffers(builder, buffers);
  if (variadicCounts !== undefined) RecordBatch.addVariadicBufferCounts(builder, variadicCounts);
  return RecordBatch.endRecordBatch(builder);
}

/**
 * Writes a struct of two int64, which `FieldNode` and `Buffer` are. A batch of a wide table has thousands of them, and
 * bigints would take most of the time.
 */
function writePair(builder: Builder, first: number, second: number): void {
  builder.prep(8, 16);
  writeInteger(builder, second);
  writeInteger(builder, first);
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
