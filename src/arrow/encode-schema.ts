import { Builder, type Offset } from "flatbuffers";
import { DictionaryEncoding } from "apache-arrow/fb/dictionary-encoding";
import { Endianness } from "apache-arrow/fb/endianness";
import { Field as FieldTable } from "apache-arrow/fb/field";
import { KeyValue } from "apache-arrow/fb/key-value";
import { Message } from "apache-arrow/fb/message";
import { MessageHeader } from "apache-arrow/fb/message-header";
import { MetadataVersion } from "apache-arrow/fb/metadata-version";
import { Schema as SchemaTable } from "apache-arrow/fb/schema";
import { encodeDataType, encodeInt } from "./encode-data-type.ts";
import type { Field, Schema } from "./schema.ts";

/** Encodes a schema as the header of a frame: the flatbuffer `Message`, without length prefix. The inverse of `decodeSchema`. */
export function encodeSchema(schema: Schema): Uint8Array {
  const builder = new Builder(1024);
  const table = encodeSchemaTable(builder, schema);
  Message.startMessage(builder);
  Message.addVersion(builder, MetadataVersion.V5);
  Message.addHeaderType(builder, MessageHeader.Schema);
  Message.addHeader(builder, table);
  Message.addBodyLength(builder, 0n);
  Message.finishMessageBuffer(builder, Message.endMessage(builder));
  return builder.asUint8Array().slice();
}

/** Writes the table of a schema with a builder. Returns its offset. */
export function encodeSchemaTable(builder: Builder, { fields, metadata }: Schema): Offset {
  const fieldsVector = SchemaTable.createFieldsVector(
    builder,
    fields.map((field) => encodeField(builder, field)),
  );
  const metadataVector = encodeMetadata(builder, metadata, SchemaTable.createCustomMetadataVector);
  SchemaTable.startSchema(builder);
  SchemaTable.addEndianness(builder, Endianness.Little);
  SchemaTable.addFields(builder, fieldsVector);
  if (metadataVector !== undefined) SchemaTable.addCustomMetadata(builder, metadataVector);
  return SchemaTable.endSchema(builder);
}

function encodeField(builder: Builder, field: Field): Offset {
  const children = FieldTable.createChildrenVector(
    builder,
    field.children.map((child) => encodeField(builder, child)),
  );
  const name = builder.createString(field.name);
  const { type, offset } = encodeDataType(builder, field.type);
  const dictionary = field.dictionary && encodeDictionary(builder, field.dictionary);
  const metadata = encodeMetadata(builder, field.metadata, FieldTable.createCustomMetadataVector);
  FieldTable.startField(builder);
  FieldTable.addName(builder, name);
  FieldTable.addNullable(builder, field.nullable);
  FieldTable.addTypeType(builder, type);
  FieldTable.addType(builder, offset);
  if (dictionary !== undefined) FieldTable.addDictionary(builder, dictionary);
  FieldTable.addChildren(builder, children);
  if (metadata !== undefined) FieldTable.addCustomMetadata(builder, metadata);
  return FieldTable.endField(builder);
}

function encodeDictionary(builder: Builder, { id, indexType, ordered }: NonNullable<Field["dictionary"]>): Offset {
  const indices = encodeInt(builder, indexType);
  DictionaryEncoding.startDictionaryEncoding(builder);
  DictionaryEncoding.addId(builder, id);
  DictionaryEncoding.addIndexType(builder, indices);
  DictionaryEncoding.addIsOrdered(builder, ordered);
  return DictionaryEncoding.endDictionaryEncoding(builder);
}

function encodeMetadata(
  builder: Builder,
  metadata: ReadonlyMap<string, string>,
  createVector: (builder: Builder, entries: Offset[]) => Offset,
): Offset | undefined {
  if (metadata.size === 0) return undefined;
  const entries = [...metadata].map(([key, value]) =>
    KeyValue.createKeyValue(builder, builder.createString(key), builder.createString(value)),
  );
  return createVector(builder, entries);
}
