import { Builder, type Offset } from "flatbuffers";
import { Field } from "apache-arrow/fb/field";
import { Int } from "apache-arrow/fb/int";
import { KeyValue } from "apache-arrow/fb/key-value";
import { Message } from "apache-arrow/fb/message";
import { MessageHeader } from "apache-arrow/fb/message-header";
import { Schema } from "apache-arrow/fb/schema";
import { Struct_ } from "apache-arrow/fb/struct-";
import { Timestamp } from "apache-arrow/fb/timestamp";
import { Type } from "apache-arrow/fb/type";

/** What all fields of a schema share by offset. */
export type Shared = "name" | "value" | "entries" | "timezone" | "children" | "field";

/** What is shared, by the case's name. */
export const sharedParts: readonly Shared[] = ["name", "value", "entries", "timezone", "children", "field"];

/** A schema message of some 200 kB, every field of which points at one part. */
export function createSharedSchema(shared: Shared): Uint8Array {
  const builder = new Builder(1024);
  const long = builder.createString("x".repeat(100_000));
  const short = builder.createString("x");
  const entry = KeyValue.createKeyValue(builder, short, shared === "value" ? long : short);
  const entries = Array<Offset>(shared === "entries" ? 10_000 : 1).fill(entry);
  const metadata = Field.createCustomMetadataVector(builder, entries);
  const int = Int.createInt(builder, 32, true);
  const timestamp = Timestamp.createTimestamp(builder, 0, long);
  Struct_.startStruct_(builder);
  const struct = Struct_.endStruct_(builder);
  const none = Field.createChildrenVector(builder, []);
  const addField = (children: Offset): Offset => {
    Field.startField(builder);
    Field.addName(builder, shared === "name" ? long : short);
    if (shared === "timezone") addType(builder, Type.Timestamp, timestamp);
    else if (children === none) addType(builder, Type.Int, int);
    else addType(builder, Type.Struct_, struct);
    Field.addChildren(builder, children);
    if (shared === "value" || shared === "entries") Field.addCustomMetadata(builder, metadata);
    return Field.endField(builder);
  };
  let field = addField(none);
  // Two children of each level are one: thirty levels stand for 2 to the power of 30 fields.
  const depth = shared === "children" ? 30 : 0;
  for (let level = 0; level < depth; level++) {
    field = addField(Field.createChildrenVector(builder, [field, field]));
  }
  const fieldCount = shared === "field" ? 50_000 : 2_000;
  const fields = Array.from({ length: fieldCount }, () =>
    shared === "field" || shared === "children" ? field : addField(none),
  );
  return finish(builder, Schema.createFieldsVector(builder, fields));
}

function addType(builder: Builder, type: Type, offset: Offset): void {
  Field.addTypeType(builder, type);
  Field.addType(builder, offset);
}

function finish(builder: Builder, fields: Offset): Uint8Array {
  Schema.startSchema(builder);
  Schema.addFields(builder, fields);
  const schema = Schema.endSchema(builder);
  Message.startMessage(builder);
  Message.addHeaderType(builder, MessageHeader.Schema);
  Message.addHeader(builder, schema);
  Message.addBodyLength(builder, 0n);
  Message.finishMessageBuffer(builder, Message.endMessage(builder));
  return builder.asUint8Array().slice();
}
