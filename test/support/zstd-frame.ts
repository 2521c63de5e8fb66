import { Builder } from "flatbuffers";
import { BodyCompression } from "apache-arrow/fb/body-compression";
import { BodyCompressionMethod } from "apache-arrow/fb/body-compression-method";
import { Buffer as BufferStruct } from "apache-arrow/fb/buffer";
import { CompressionType } from "apache-arrow/fb/compression-type";
import { FieldNode } from "apache-arrow/fb/field-node";
import { Message } from "apache-arrow/fb/message";
import { MessageHeader } from "apache-arrow/fb/message-header";
import { RecordBatch } from "apache-arrow/fb/record-batch";
import { createFrame, type FlightFrame } from "../../src/flight/index.ts";

/** A record batch of ZSTD buffers, each with the length that it declares. */
export function zstdFrame(
  buffers: readonly { declared: bigint; bytes: Uint8Array }[],
  rowCounts: readonly number[] = [],
): FlightFrame {
  const parts = buffers.map(({ declared, bytes }) => {
    const prefix = new Uint8Array(8);
    new DataView(prefix.buffer).setBigInt64(0, declared, true);
    return Buffer.concat([prefix, bytes]);
  });
  const builder = new Builder();
  let byteOffset = parts.reduce((sum, part) => sum + part.byteLength, 0);
  RecordBatch.startBuffersVector(builder, parts.length);
  for (const part of parts.toReversed()) {
    byteOffset -= part.byteLength;
    BufferStruct.createBuffer(builder, BigInt(byteOffset), BigInt(part.byteLength));
  }
  const vector = builder.endVector();
  const compression = BodyCompression.createBodyCompression(
    builder,
    CompressionType.ZSTD,
    BodyCompressionMethod.BUFFER,
  );
  RecordBatch.startNodesVector(builder, rowCounts.length);
  for (const rowCount of rowCounts.toReversed()) FieldNode.createFieldNode(builder, BigInt(rowCount), 0n);
  const nodes = builder.endVector();
  RecordBatch.startRecordBatch(builder);
  RecordBatch.addNodes(builder, nodes);
  RecordBatch.addLength(builder, BigInt(rowCounts[0] ?? 0));
  RecordBatch.addBuffers(builder, vector);
  RecordBatch.addCompression(builder, compression);
  const batch = RecordBatch.endRecordBatch(builder);
  Message.startMessage(builder);
  Message.addHeaderType(builder, MessageHeader.RecordBatch);
  Message.addHeader(builder, batch);
  Message.finishMessageBuffer(builder, Message.endMessage(builder));
  return createFrame({ header: builder.asUint8Array().slice(), body: parts });
}
