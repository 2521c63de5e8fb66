import { Table, tableFromIPC, tableToIPC } from "apache-arrow";
import * as arrow from "apache-arrow";
import * as secondCopy from "apache-arrow-copy";
import { expect, test } from "vitest";
import { adoptBatch, adoptSchema } from "../../../src/client/adopt-batch.ts";

/** A table with a column of every type that apache-arrow can make of values, by the classes of one of its copies. */
function createEveryType(copy: typeof arrow): Table {
  const at = [0, 1_700_000_000_000, null];
  const binary = [Uint8Array.of(1, 2), null, Uint8Array.of(3, 4)];
  const item = (type: arrow.DataType): arrow.Field => new copy.Field("item", type, true);
  const columns: [arrow.DataType, unknown[]][] = [
    [new copy.Null(), [null, null, null]],
    [new copy.Bool(), [true, null, false]],
    ...[new copy.Int8(), new copy.Uint16(), new copy.Int32()].map((type): [arrow.DataType, unknown[]] => [
      type,
      [1, null, 3],
    ]),
    [new copy.Int64(), [1n, null, -3n]],
    [new copy.Float32(), [0.5, null, -1]],
    [new copy.Float64(), [0.1, null, NaN]],
    [new copy.Utf8(), ["a", null, "größer"]],
    [new copy.LargeUtf8(), ["a", null, "b"]],
    [new copy.Binary(), binary],
    [new copy.LargeBinary(), binary],
    [new copy.FixedSizeBinary(2), binary],
    [new copy.DateDay(), at],
    [new copy.DateMillisecond(), at],
    [new copy.TimestampSecond(), at],
    [new copy.TimestampNanosecond("Europe/Paris"), at],
    [new copy.TimeSecond(), [1, null, 2]],
    [new copy.TimeNanosecond(), [1n, null, 2n]],
    [new copy.DurationMillisecond(), [1n, null, 2n]],
    [new copy.List(item(new copy.Int32())), [[1, null], null, []]],
    [new copy.FixedSizeList(2, item(new copy.Int32())), [[1, 2], null, [3, 4]]],
    [new copy.Struct([item(new copy.Utf8())]), [{ item: "a" }, null, { item: null }]],
    [new copy.Dictionary(new copy.Utf8(), new copy.Int8(), 1), ["a", null, "a"]],
  ];
  const vectors = columns.map(([type, values], i) => [`${i}`, copy.vectorFromArray(values, type)]);
  return new copy.Table(Object.fromEntries(vectors) as Record<string, arrow.Vector>);
}

test("a batch of a second copy becomes one of ours, of every type, that shares its memory", () => {
  const foreign = createEveryType(secondCopy);
  const [batch] = foreign.batches;
  const own = adoptBatch(batch!);
  const bytes = tableToIPC(new Table([own]), "stream");
  expect(tableFromIPC(bytes).toArray().map(String)).toEqual(createEveryType(arrow).toArray().map(String));
  expect(own.schema.fields.map(String)).toEqual(createEveryType(arrow).schema.fields.map(String));
  expect(own.data.children[7]!.values.buffer).toBe(batch!.data.children[7]!.values.buffer);
});

test("what is ours stays the same object", () => {
  const [batch] = createEveryType(arrow).batches;
  expect(adoptBatch(batch!)).toBe(batch);
  expect(adoptSchema(batch!.schema)).toBe(batch!.schema);
});

test("a dictionary that two batches share stays one", () => {
  const words = secondCopy.vectorFromArray(
    ["a", "b", "a", "b"],
    new secondCopy.Dictionary(new secondCopy.Utf8(), new secondCopy.Int8(), 1),
  );
  const table = new secondCopy.Table({ words });
  const batches = [table.slice(0, 2).batches[0]!, table.slice(2).batches[0]!] as unknown as arrow.RecordBatch[];
  const [first, second] = batches.map((batch) => adoptBatch(batch).data.children[0]!.dictionary!.data[0]);
  expect(first).toBe(second);
});

test("a type that this copy does not know is refused with its column", () => {
  const type = Object.assign(Object.create(null) as object, { typeId: 99 });
  const schema = { fields: [{ name: "word", type, nullable: true }], metadata: new Map() } as unknown as arrow.Schema;
  expect(() => adoptSchema(schema)).toThrow("column word is from another copy of apache-arrow");
});
