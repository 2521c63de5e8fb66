import {
  Bool,
  DataType,
  DateMillisecond,
  Decimal,
  Dictionary,
  Field,
  FixedSizeBinary,
  Int8,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  TimeSecond,
  TimestampSecond,
  Vector,
  vectorFromArray,
} from "apache-arrow";
import { describe, expect, test } from "vitest";
import { toStoredStream } from "../../../../src/parquet/write/convert-stream.ts";

/** The stored form of a column. */
function stored(...columns: Vector[]): Vector[] {
  const table = new Table(Object.fromEntries(columns.map((column, i) => [`c${i}`, column])));
  const result = tableFromIPC(toStoredStream(tableToIPC(table, "stream")));
  return columns.map((_, i) => result.getChild(`c${i}`)!);
}

/** Integers as they lie in memory, with nulls. */
function raw<T extends DataType>(type: T, values: readonly (bigint | number | null)[]): Vector<T> {
  const isWide = values.some((value) => typeof value === "bigint");
  const data = isWide
    ? BigInt64Array.from(values, (value) => (value ?? 2n ** 62n) as bigint)
    : Int32Array.from(values, (value) => (value ?? 2 ** 30) as number);
  const nullBitmap = new Uint8Array([
    values.reduce<number>((bits, value, i) => bits | (Number(value !== null) << i), 0),
  ]);
  const nullCount = values.filter((value) => value === null).length;
  return new Vector([makeData({ type, length: values.length, data, nullBitmap, nullCount } as never)]) as Vector<T>;
}

const valuesOf = (vector: Vector): unknown[] => [...vector.data[0]!.values];

describe("what Parquet has no type for", () => {
  test.each<[string, Vector, string, unknown[]]>([
    ["timestamps", raw(new TimestampSecond(), [-1n, null, 5n]), "Timestamp<MILLISECOND>", [-1000n, null, 5000n]],
    ["times", raw(new TimeSecond(), [1, null, 86_399]), "Time32<MILLISECOND>", [1000, null, 86_399_000]],
    ["dates", raw(new DateMillisecond(), [-86_400_000n, null, 172_800_000n]), "Date32<DAY>", [-1, null, 2]],
  ])("%s are stored in the unit that it has", (_, column, type, values) => {
    const [result] = stored(column);
    expect(String(result!.type)).toBe(type);
    expect(result!.nullCount).toBe(1);
    // What lies under the null does not matter.
    expect(valuesOf(result!).map((value, i) => (values[i] === null ? null : value))).toEqual(values);
  });

  test.each<[string, Vector, string]>([
    ["timestamps", raw(new TimestampSecond(), [2n ** 62n]), "column c0 has the timestamp[s] 4611686018427387904"],
    ["times", raw(new TimeSecond(), [2 ** 30]), "column c0 has the time32[s] 1073741824"],
    ["dates", raw(new DateMillisecond(), [2n ** 62n]), "column c0 has the date64[ms] 4611686018427387904"],
  ])("%s that do not fit are refused", (_, column, message) => {
    expect(() => stored(column)).toThrow(expect.objectContaining({ message: expect.stringContaining(message) }));
  });

  test("is found where it is nested, and the rest stays as it is", () => {
    const time = new Field("t", new TimestampSecond(), true);
    const type = new Struct<{ t: TimestampSecond; n: Int32 }>([time, new Field("n", new Int32(), true)]);
    const children = [raw(new TimestampSecond(), [1n, 2n]).data[0], vectorFromArray([7, 8], new Int32()).data[0]];
    const [result, other] = stored(
      new Vector([makeData({ type, length: 2, nullCount: 0, children: children as never })]),
      vectorFromArray(["a", "b"]),
    );
    expect(valuesOf(result!.getChildAt(0)!)).toEqual([1000n, 2000n]);
    expect(result!.getChildAt(1)!.toJSON()).toEqual([7, 8]);
    expect(other!.toJSON()).toEqual(["a", "b"]);
  });
});

describe("dictionaries of what is stored plain", () => {
  const indices = [1, 0, null, 1];

  test.each<[string, Vector]>([
    ["bools", vectorFromArray([false, true], new Bool())],
    ["bools with a null", vectorFromArray([null, true], new Bool())],
    ["binary", vectorFromArray([Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)], new FixedSizeBinary(3))],
    ["decimals", vectorFromArray([Uint32Array.of(1, 2, 3, 4), Uint32Array.of(5, 6, 7, 8)], new Decimal(2, 38, 128))],
  ])("become their values: %s", (_, dictionary) => {
    const [result] = stored(dictionaryColumn(dictionary, indices));
    expect(DataType.isDictionary(result!.type)).toBe(false);
    const expected = indices.map((index) => (index === null ? null : dictionary.get(index)));
    expect([...result!]).toEqual(expected);
  });

  test("an index without a value is refused", () => {
    const column = dictionaryColumn(vectorFromArray([true], new Bool()), [3]);
    expect(() => stored(column)).toThrow("column c0 has the index 3, but its dictionary has 1 values");
  });
});

test("a stream that is stored as it is, is not copied", () => {
  const stream = tableToIPC(new Table({ n: vectorFromArray([1, 2], new Int32()) }), "stream");
  expect(toStoredStream(stream)).toBe(stream);
});

test("a delta of a dictionary stays one", () => {
  const type = new Dictionary(new TimestampSecond(), new Int8(), 0);
  const schema = new Schema([new Field("t", type, true)]);
  const values = raw(new TimestampSecond(), [1n, 2n]);
  const longer = raw(new TimestampSecond(), [1n, 2n, 3n]);
  const batchOf = (dictionary: Vector, index: number): RecordBatch => {
    const data = makeData({ type, length: 1, nullCount: 0, data: Int8Array.of(index), dictionary });
    return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: 1, children: [data] }));
  };
  const chunked = new Vector([values.data[0]!, longer.slice(2).data[0]!]);
  const writer = new RecordBatchStreamWriter();
  writer.write(batchOf(values, 1));
  writer.write(batchOf(chunked, 2));
  writer.finish();
  const result = tableFromIPC(toStoredStream(writer.toUint8Array(true)));
  expect(result.getChild("t")!.toJSON().map(Number)).toEqual([2000, 3000]);
});

function dictionaryColumn(dictionary: Vector, indices: readonly (number | null)[]): Vector {
  const data = Int8Array.from(indices, (index) => index ?? 0);
  const nullBitmap = Uint8Array.of(indices.reduce<number>((bits, index, i) => bits | (Number(index !== null) << i), 0));
  const type = new Dictionary(dictionary.type, new Int8(), 0);
  const nullCount = indices.filter((index) => index === null).length;
  return new Vector([makeData({ type, length: indices.length, nullCount, data, nullBitmap, dictionary })]);
}
