import {
  Binary,
  Bool,
  Float64,
  Int32,
  Int64,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
  type Vector,
} from "apache-arrow";
import { expect, test } from "vitest";
import {
  decodeIpcStream,
  decodeMessage,
  decodeSchema,
  viewRecordBatch,
  type ArrayView,
} from "../../../../src/arrow/index.ts";
import { isSortable, sortOrder } from "../../../../src/store/compact/sort-order.ts";

/** The column of each batch. */
function arraysOf(column: Vector): ArrayView[] {
  const [schema, ...frames] = [...decodeIpcStream(tableToIPC(new Table({ column }), "stream"))];
  const { fields } = decodeSchema(schema!.header);
  return frames.flatMap(({ header, body }) => {
    const message = decodeMessage(header);
    return message.kind === "record_batch" ? viewRecordBatch({ fields, layout: message.layout, body }) : [];
  });
}

const order = async (...columns: Vector[]): Promise<number[]> => [
  ...(await sortOrder(columns.flatMap(arraysOf), new AbortController().signal)),
];

test.each<[what: string, column: Vector, order: number[]]>([
  ["integers, with nulls last", vectorFromArray([3, null, -1, 2], new Int32()), [2, 3, 0, 1]],
  ["large integers exactly", vectorFromArray([2n ** 53n + 1n, 2n ** 53n, -1n], new Int64()), [2, 1, 0]],
  ["floats, with NaN after numbers", vectorFromArray([NaN, 1, null, -Infinity], new Float64()), [3, 1, 0, 2]],
  ["strings by their bytes", vectorFromArray(["é", "z", "", "a"], new Utf8()), [2, 3, 1, 0]],
  ["binaries", vectorFromArray([Uint8Array.of(2), Uint8Array.of(1, 9)], new Binary()), [1, 0]],
  ["booleans", vectorFromArray([true, false, true], new Bool()), [1, 0, 2]],
  ["nulls alone", vectorFromArray([null, null], new Int32()), [0, 1]],
])("sorts %s", async (_, column, expected) => {
  expect(isSortable(arraysOf(column)[0]!.field)).toBe(true);
  expect(await order(column)).toEqual(expected);
});

test("sorts more rows than one run, over several batches, and keeps the order of equal rows", async () => {
  const values = Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 1000);
  const halves = [values.slice(0, 40_000), values.slice(40_000)];
  const sorted = await order(...halves.map((half) => vectorFromArray(half, new Int32())));
  const expected = values.map((_, i) => i).toSorted((a, b) => values[a]! - values[b]! || a - b);
  expect(sorted).toEqual(expected);
});

test("ends with its signal", async () => {
  const column = arraysOf(vectorFromArray([2, 1], new Int32()));
  await expect(sortOrder(column, AbortSignal.abort(new Error("left")))).rejects.toThrow("aborted");
});
