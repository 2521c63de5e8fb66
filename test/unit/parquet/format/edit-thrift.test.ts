import { describe, expect, test } from "vitest";
import { editThriftStruct, type StructEdits } from "../../../../src/parquet/format/edit-thrift.ts";
import { encodeThriftStruct, thriftType, type ThriftStruct } from "../../../../src/parquet/format/thrift.ts";

const integer = (value: number) => ({ type: thriftType.i64, value: BigInt(value) });
const struct = (...fields: [number, number][]): ThriftStruct =>
  new Map(fields.map(([id, value]) => [id, integer(value)]));

/** A struct with fields of every kind around the edited ones. */
function sample(own: ThriftStruct, elements: ThriftStruct[]): ThriftStruct {
  return new Map<number, { type: number; value: never }>([
    [1, { type: thriftType.true, value: true as never }],
    [2, { type: thriftType.binary, value: Uint8Array.of(1, 2, 3) as never }],
    [3, { type: thriftType.struct, value: own as never }],
    [20, { type: thriftType.list, value: { elementType: thriftType.struct, elements } as never }],
    [21, { type: thriftType.double, value: 1.5 as never }],
  ]);
}

function edit(value: ThriftStruct, edits: StructEdits): Uint8Array {
  return editThriftStruct(encodeThriftStruct(value), edits);
}

describe("editing an encoded struct", () => {
  test("changes integers in it, in its structs and in the structs of its lists", () => {
    const before = sample(struct([1, 5], [9, -1]), [struct([4, 1]), struct([4, 2], [5, 7])]);
    const edits: StructEdits = new Map<number, StructEdits | { element: (index: number) => StructEdits }>([
      [3, new Map([[9, (value: number) => value - 2 ** 40]])],
      [20, { element: (index) => new Map([[4, (value: number) => value + 1000 * index]]) }],
    ]);
    const after = sample(struct([1, 5], [9, -1 - 2 ** 40]), [struct([4, 1]), struct([4, 1002], [5, 7])]);
    expect(edit(before, edits)).toEqual(encodeThriftStruct(after));
  });

  test.each([
    ["the first field", [1]],
    ["a field between others", [2]],
    ["several in a row", [1, 2, 3]],
    ["the last field", [40]],
    ["all fields", [1, 2, 3, 40]],
  ])("removes %s", (_, removed) => {
    const fields: [number, number][] = [1, 2, 3, 40].map((id) => [id, id * 100]);
    const edits = new Map(removed.map((id) => [id, () => undefined]));
    const rest = fields.filter(([id]) => !removed.includes(id));
    expect(edit(struct(...fields), edits)).toEqual(encodeThriftStruct(struct(...rest)));
  });

  test("leaves fields of another type and fields that do not exist", () => {
    const before = sample(struct([1, 5]), []);
    const edits: StructEdits = new Map([1, 2, 20, 21, 50].map((id) => [id, () => 0]));
    expect(edit(before, edits)).toEqual(encodeThriftStruct(before));
  });

  test("refuses bytes that end early", () => {
    const bytes = encodeThriftStruct(struct([1, 5]));
    expect(() => editThriftStruct(bytes.subarray(0, -1), new Map())).toThrow(RangeError);
  });
});
