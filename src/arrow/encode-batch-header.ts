import { Builder, ByteBuffer } from "flatbuffers";
import { Buffer as BufferStruct } from "apache-arrow/fb/buffer";
import { DictionaryBatch } from "apache-arrow/fb/dictionary-batch";
import { FieldNode } from "apache-arrow/fb/field-node";
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

/** Replaces the null counts in a header that `encodeBatchHeader` has made. */
export function writeNullCounts(header: Uint8Array, nodes: RecordBatchLayout["nodes"]): void {
  const message = Message.getRootAsMessage(new ByteBuffer(header));
  const isDictionary = message.headerType() === MessageHeader.DictionaryBatch;
  const batch = isDictionary ? message.header(new DictionaryBatch())?.data() : message.header(new RecordBatch());
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  for (const [i, { nullCount }] of nodes.entries()) {
    view.setBigInt64(batch!.nodes(i)!.bb_pos + nullCountOffset, BigInt(nullCount), true);
  }
}

function encodeRecordBatch(builder: Builder, layout: RecordBatchLayout): number {
  RecordBatch.startNodesVector(builder, layout.nodes.length);
  for (const { length, nullCount } of layout.nodes.toReversed()) {
    FieldNode.createFieldNode(builder, BigInt(length), BigInt(nullCount));
  }
  const nodes = builder.endVector();
  RecordBatch.startBuffersVector(builder, layout.buffers.length);
  for (const { byteOffset, byteLength } of layout.buffers.toReversed()) {
    BufferStruct.createBuffer(builder, BigInt(byteOffset), BigInt(byteLength));
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
