import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import { decodeIpcStream, decodeMessage, decodeSchema, formatType, type Field } from "../../../src/arrow/index.ts";

function headerOf(fields: arrow.Field[], metadata = new Map<string, string>()): Uint8Array {
  const [frame] = decodeIpcStream(arrow.tableToIPC(new arrow.Table(new arrow.Schema(fields, metadata))));
  return frame?.header ?? new Uint8Array(0);
}

const columnOf = (type: arrow.DataType): Field => decodeSchema(headerOf([new arrow.Field("c", type, true)])).fields[0]!;

const item = (type: arrow.DataType, nullable = true): arrow.Field => new arrow.Field("item", type, nullable);

describe("formatType says what pyarrow says of", () => {
  test.each<[string, arrow.DataType]>([
    ["null", new arrow.Null()],
    ["bool", new arrow.Bool()],
    ["int8", new arrow.Int8()],
    ["uint64", new arrow.Uint64()],
    ["halffloat", new arrow.Float16()],
    ["float", new arrow.Float32()],
    ["double", new arrow.Float64()],
    ["decimal128(10, 2)", new arrow.Decimal(2, 10, 128)],
    ["string", new arrow.Utf8()],
    ["large_string", new arrow.LargeUtf8()],
    ["binary", new arrow.Binary()],
    ["large_binary", new arrow.LargeBinary()],
    ["fixed_size_binary[3]", new arrow.FixedSizeBinary(3)],
    ["date32[day]", new arrow.DateDay()],
    ["date64[ms]", new arrow.DateMillisecond()],
    ["time32[s]", new arrow.TimeSecond()],
    ["time64[ns]", new arrow.TimeNanosecond()],
    ["timestamp[us]", new arrow.TimestampMicrosecond()],
    ["timestamp[ms, tz=Europe/Berlin]", new arrow.TimestampMillisecond("Europe/Berlin")],
    ["duration[s]", new arrow.DurationSecond()],
    ["month_day_nano_interval", new arrow.IntervalMonthDayNano()],
    ["list<item: int32 not null>", new arrow.List(item(new arrow.Int32(), false))],
    ["fixed_size_list<item: float>[2]", new arrow.FixedSizeList(2, item(new arrow.Float32()))],
    ["struct<item: int32, item: string>", new arrow.Struct([item(new arrow.Int32()), item(new arrow.Utf8())])],
    [
      "dictionary<values=string, indices=int8, ordered=0>",
      new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), 7, false),
    ],
  ])("%s", (name, type) => {
    expect(formatType(columnOf(type))).toBe(name);
  });
});

describe("decodeSchema", () => {
  test.each([0, 1, 2, 3])("reads a union's type ids from a header at any offset, such as %i", (byteOffset) => {
    const children = [new arrow.Field("n", new arrow.Int32(), true), new arrow.Field("s", new arrow.Utf8(), true)];
    const header = headerOf([new arrow.Field("c", new arrow.SparseUnion([5, 7], children), true)]);
    const shifted = new Uint8Array(header.byteLength + byteOffset).subarray(byteOffset);
    shifted.set(header);
    expect(decodeSchema(shifted).fields[0]?.type).toEqual({ kind: "union", mode: "sparse", typeIds: [5, 7] });
  });

  test("keeps names, nullability, children, metadata and dictionary ids", () => {
    const child = new arrow.Field("x", new arrow.Int32(), false, new Map([["unit", "m"]]));
    const fields = [
      new arrow.Field("point", new arrow.Struct([child]), true),
      new arrow.Field("", new arrow.Dictionary(new arrow.Utf8(), new arrow.Int16(), 5), false),
    ];
    const schema = decodeSchema(headerOf(fields, new Map([["k", "v"]])));
    expect(schema.metadata).toEqual(new Map([["k", "v"]]));
    expect(schema.fields[0]).toMatchObject({ name: "point", nullable: true, type: { kind: "struct" } });
    expect(schema.fields[0]?.children[0]).toMatchObject({
      name: "x",
      nullable: false,
      metadata: new Map([["unit", "m"]]),
    });
    expect(schema.fields[1]).toMatchObject({
      name: "",
      dictionary: { id: 5n, indexType: { kind: "int", bitWidth: 16 } },
    });
  });

  test("refuses fields that are nested too deep, by their path", () => {
    let type: arrow.DataType = new arrow.Int32();
    for (let depth = 0; depth < 70; depth++) type = new arrow.List(item(type));
    expect(() => columnOf(type)).toThrow(/column c\.item\..* is nested deeper than 64 levels/);
  });

  test("refuses a header that is another message, or none at all", () => {
    const frames = [...decodeIpcStream(arrow.tableToIPC(arrow.tableFromArrays({ a: [1] })))];
    expect(() => decodeSchema(frames[1]!.header)).toThrow("expected a schema, got record_batch");
    expect(() => decodeSchema(new Uint8Array(0))).toThrow("expected a schema, got none");
  });
});

describe("a header of random bytes", () => {
  test("is refused as INVALID_ARGUMENT, or read, and never anything else", () => {
    const [frame, batch] = decodeIpcStream(arrow.tableToIPC(arrow.tableFromArrays({ a: [1, 2], b: ["x", "y"] })));
    let seed = 42;
    const random = (bound: number): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) % bound;
    for (const original of [frame!.header, batch!.header]) {
      for (let round = 0; round < 3000; round++) {
        const mutant = original.slice();
        for (let flips = 0; flips <= random(4); flips++) mutant[random(mutant.byteLength)] = random(256);
        try {
          if (decodeMessage(mutant).kind === "schema") decodeSchema(mutant);
        } catch (reason) {
          expect(reason).toMatchObject({ name: "FlightError", code: "invalid_argument" });
        }
      }
    }
  });
});
