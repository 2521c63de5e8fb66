import { Builder } from "flatbuffers";
import { Buffer as BufferStruct } from "apache-arrow/fb/buffer";
import { DictionaryBatch } from "apache-arrow/fb/dictionary-batch";
import { FieldNode } from "apache-arrow/fb/field-node";
import { Message } from "apache-arrow/fb/message";
import { MessageHeader } from "apache-arrow/fb/message-header";
import { MetadataVersion } from "apache-arrow/fb/metadata-version";
import { RecordBatch } from "apache-arrow/fb/record-batch";
import type { RecordBatchLayout } from "./message.ts";

/** What a batch's header says. */
export interface BatchHeader {
  readonly layout: RecordBatchLayout;
  readonly bodyByteLength: number;
  /** Makes it a dictionary batch: the values of that dictionary. */
  readonly dictionaryId?: bigint;
  /** Whether those values go behind the ones that the dictionary has; they replace them by default. */
  readonly isDelta?: boolean;
}

/**
 * Encodes the flatbuffer `Message` of an uncompressed record batch or dictionary batch. Its length depends on
 * how many rows, nodes and buffers there are, and not on null counts.
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
