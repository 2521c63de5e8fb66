import {
  Field,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Uint32,
  vectorFromArray,
  type Data,
} from "apache-arrow";
import { decodeIpcStream, encodeSchemaMessage } from "../../../src/arrow/index.ts";
import { type FlightFrame } from "../../../src/flight/index.ts";
import type { FlightDescriptor } from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** The text of UTF-8 bytes. */
export function fromUtf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A column named `number` that has no nulls, as most scenarios serve it. */
export const uint32Schema = new Schema([new Field("number", new Uint32())]);
/** The same of signed integers. */
export const int32Schema = new Schema([new Field("number", new Int32())]);

/** The frames of a flight: the schema, then one record batch with the values of its one column. */
export function framesOf(schema: Schema, values: readonly number[]): FlightFrame[] {
  const { type } = schema.fields[0] as Field<Int32>;
  return framesOfColumns(schema, [vectorFromArray(values, type).data[0] as Data]);
}

/** The frames of a flight: the schema, then one record batch of columns that have the same length. */
export function framesOfColumns(schema: Schema, columns: readonly Data[]): FlightFrame[] {
  const length = columns[0]?.length ?? 0;
  const data = makeData({ type: new Struct(schema.fields), length, nullCount: 0, children: [...columns] });
  return [...decodeIpcStream(tableToIPC(new Table(schema, new RecordBatch(schema, data)), "stream"))];
}

/** The first frame of a flight. */
export function schemaFrame(schema: Schema): FlightFrame {
  const [frame] = decodeIpcStream(tableToIPC(new Table(schema), "stream"));
  if (frame === undefined) throw new Error("an IPC stream begins with a schema");
  return frame;
}

/** A schema as FlightInfo and SchemaResult have it. */
export function schemaMessage(schema: Schema): Uint8Array<ArrayBuffer> {
  return encodeSchemaMessage(schemaFrame(schema).header);
}

/** What the FlightInfo of every scenario says: nobody knows how much data there is. */
export function flightOf(schema: Schema, flightDescriptor: FlightDescriptor) {
  return { schema: schemaMessage(schema), flightDescriptor, totalRecords: -1n, totalBytes: -1n };
}
