import {
  Dictionary,
  Field,
  Int32,
  Int8,
  List,
  Schema,
  Struct,
  Table,
  tableToIPC,
  TimestampMicrosecond,
  Utf8,
} from "apache-arrow";
import { expect, test } from "vitest";
import { createFrame, FlightError } from "../../../src/flight/index.ts";
import { decodeIpcStream, decodeSchema, projectSchemaHeader } from "../../../src/arrow/index.ts";

const metadata = new Map([["unit", "°C"]]);
const fields = [
  new Field("id", new Int32(), false, metadata),
  new Field("word", new Dictionary(new Utf8(), new Int8(), 7), true),
  new Field("nested", new Struct([new Field("list", new List(new Field("item", new Utf8(), true)), true)]), true),
  new Field("at", new TimestampMicrosecond("Europe/Warsaw"), true),
  new Field("", new Utf8(), true),
];
const schema = new Schema(fields, new Map([["made by", "a test"]]));
const [frame] = decodeIpcStream(tableToIPC(new Table(schema), "stream"));
const { header } = frame ?? createFrame({});
const whole = decodeSchema(header);

/** Every choice of columns, rising. */
const choices = Array.from({ length: 2 ** fields.length }, (_, bits) =>
  fields.flatMap((_, i) => ((bits >> i) & 1 ? [i] : [])),
);

test.each(choices.map((choice) => [choice]))("of the columns %j it says what the whole schema says", (choice) => {
  const before = header.slice();
  expect(decodeSchema(projectSchemaHeader(header, choice))).toEqual({
    fields: choice.map((index) => whole.fields[index]),
    metadata: whole.metadata,
  });
  expect(header).toEqual(before);
});

test("a header that is no schema is refused", () => {
  expect(() => projectSchemaHeader(new Uint8Array(0), [0])).toThrow("expected a schema");
  expect(() => projectSchemaHeader(new Uint8Array(64).fill(0xa5), [0])).toThrow(FlightError);
});
