import { describe, expect, test } from "vitest";
import {
  decodeThriftStruct,
  encodeThriftStruct,
  thriftType,
  type ThriftStruct,
} from "../../../../src/parquet/format/thrift.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** A field of every type, with ids near, far and out of order. */
function everyField(): ThriftStruct {
  const inner: ThriftStruct = new Map([[1, { type: thriftType.i32, value: -7n }]]);
  const many = Array.from({ length: 20 }, (_, i) => BigInt(i) - 10n);
  const list = { elementType: thriftType.i64, elements: many };
  const map = { keyType: thriftType.i32, valueType: thriftType.binary, entries: [[1n, bytes(1)] as const] };
  return new Map([
    [1, { type: thriftType.true, value: true }],
    [2, { type: thriftType.false, value: false }],
    [3, { type: thriftType.byte, value: -1n }],
    [4, { type: thriftType.i16, value: 32_767n }],
    [20, { type: thriftType.i64, value: -(2n ** 63n) }],
    [21, { type: thriftType.i64, value: 2n ** 63n - 1n }],
    [300, { type: thriftType.double, value: -1.5 }],
    [301, { type: thriftType.binary, value: bytes(1, 2, 3) }],
    [302, { type: thriftType.list, value: list }],
    [303, { type: thriftType.set, value: { elementType: thriftType.true, elements: [true, false] } }],
    [304, { type: thriftType.map, value: map }],
    [305, { type: thriftType.map, value: { keyType: 0, valueType: 0, entries: [] } }],
    [306, { type: thriftType.struct, value: inner }],
  ]);
}

describe("the Thrift compact protocol", () => {
  test("what is written is read again, fields of every type", () => {
    expect(decodeThriftStruct(encodeThriftStruct(everyField()))).toEqual(everyField());
  });

  test("bytes as in the protocol's own description", () => {
    const struct: ThriftStruct = new Map([
      [1, { type: thriftType.i32, value: 150n }],
      [17, { type: thriftType.true, value: true }],
    ]);
    expect(encodeThriftStruct(struct)).toEqual(bytes(0x15, 0xac, 0x02, 0x01, 0x22, 0x00));
  });

  test("a struct that is encoded already stands in a list as it is", () => {
    const element: ThriftStruct = new Map([[1, { type: thriftType.i64, value: 5n }]]);
    const asList = (value: ThriftStruct | Uint8Array): ThriftStruct =>
      new Map([[1, { type: thriftType.list, value: { elementType: thriftType.struct, elements: [value] } }]]);
    expect(encodeThriftStruct(asList(encodeThriftStruct(element)))).toEqual(encodeThriftStruct(asList(element)));
  });

  test.each([
    ["an end inside a field", bytes(0x15)],
    ["a length beyond the end", bytes(0x18, 0x7f, 0x00)],
    ["an integer that never ends", bytes(0x16, ...Array<number>(12).fill(0xff))],
    ["a type that does not exist", bytes(0x1e, 0x00)],
    ["structs in structs in structs", new Uint8Array(100).fill(0x1c)],
  ])("%s is refused", (_, input) => {
    expect(() => decodeThriftStruct(input)).toThrow(RangeError);
  });
});
