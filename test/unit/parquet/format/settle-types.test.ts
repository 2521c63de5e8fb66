import { structListField } from "../../../../src/parquet/format/thrift-fields.ts";
import { expect, test } from "vitest";
import { settleTypes } from "../../../../src/parquet/format/settle-types.ts";
import { thriftType, type ThriftStruct } from "../../../../src/parquet/format/thrift.ts";

const physical = { int32: 1n, int64: 2n, byteArray: 6n } as const;
const struct = (...fields: [number, ThriftStruct][]): ThriftStruct =>
  new Map(fields.map(([id, value]) => [id, { type: thriftType.struct, value }]));
const integers = (fields: Record<number, bigint>): ThriftStruct =>
  new Map(Object.entries(fields).map(([id, value]) => [Number(id), { type: thriftType.i32, value }]));

/** The element of a column of a physical type, with a logical type and fields beside it. */
function element(type: bigint, logical: ThriftStruct, beside: Record<number, bigint> = {}): ThriftStruct {
  return new Map([...integers({ 1: type, ...beside }), ...struct([10, logical])]);
}

function footerOf(leaf: ThriftStruct): ThriftStruct {
  const elements = [integers({ 5: 1n }), leaf];
  return new Map([[2, { type: thriftType.list, value: { elementType: thriftType.struct, elements } }]]);
}

function settle(leaf: ThriftStruct): number[] | "same" {
  const footer = footerOf(leaf);
  const settled = settleTypes(footer);
  if (settled === footer) return "same";
  return [...structListField(settled, 2)[1]!.keys()].sort((a, b) => a - b);
}

const decimal = struct([5, integers({ 1: 2n, 2: 9n })]);

test.each([
  ["a string with its converted type", element(physical.byteArray, struct([1, new Map()]), { 6: 0n }), "same"],
  ["a string alone", element(physical.byteArray, struct([1, new Map()])), "same"],
  ["a string with another converted type", element(physical.byteArray, struct([1, new Map()]), { 6: 19n }), [1, 10]],
  ["a string of integers", element(physical.int32, struct([1, new Map()]), { 6: 0n }), [1]],
  ["a date of 64 bits", element(physical.int64, struct([6, new Map()])), [1]],
  ["a decimal of other scale", element(physical.int32, decimal, { 6: 5n, 7: 3n, 8: 9n }), [1, 6, 7, 8, 10]],
  ["a decimal with its own scale", element(physical.int32, decimal, { 6: 5n, 7: 2n, 8: 9n }), "same"],
  ["a type of the future", element(physical.int32, struct([30, new Map()])), "same"],
] as const)("%s", (_name, leaf, expected) => {
  expect(settle(leaf)).toEqual(expected);
});
