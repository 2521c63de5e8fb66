import { describe, expect, test } from "vitest";
import {
  ByteRange,
  RecordBatchSlice,
  viewRecordBatch,
  decodeMessage,
  type ArrayView,
  type DataType,
  type Field,
} from "../../../../src/arrow/index.ts";
import { toRange } from "../../../../src/parquet/write/plain-values.ts";
import { restoreViews } from "../../../../src/parquet/read/restore-views.ts";
import { readValues } from "../../arrow/read-values.ts";

const field = (type: DataType, children: readonly Field[] = []): Field => ({
  name: "c",
  nullable: true,
  type,
  children,
  metadata: new Map(),
});
const bytesOf = (values: Int32Array | BigInt64Array): ByteRange => toRange(new Uint8Array(values.buffer));

const texts = ["", "short", "twelve bytes", "thirteen bytes", "x".repeat(100), "y", "after a null that has bytes"];
const lengths = texts.map((text) => text.length);
const ends = Int32Array.from([0, ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b, 0))]);

/** The texts as parquet-wasm gives views, from the `offset`th on; the one before the last is null. */
function strings(offset: number): ArrayView {
  return {
    field: field({ kind: "utf8_view" }),
    storage: { kind: "variable", offsetByteWidth: 4 },
    length: texts.length - offset,
    offset,
    validity: toRange(Uint8Array.of(0b0101_1111)),
    buffers: [bytesOf(ends), toRange(new TextEncoder().encode(texts.join("")))],
    children: [],
  };
}

function lists(offsetByteWidth: 4 | 8, offset: number): ArrayView {
  const items: ArrayView = strings(0);
  const offsets = offsetByteWidth === 4 ? Int32Array.of(0, 2, 2, 7) : BigInt64Array.of(0n, 2n, 2n, 7n);
  return {
    field: field({ kind: offsetByteWidth === 4 ? "list_view" : "large_list_view" }, [items.field]),
    storage: { kind: "list", offsetByteWidth },
    length: 3 - offset,
    offset,
    validity: undefined,
    buffers: [bytesOf(offsets)],
    children: [items],
  };
}

/** The values of an array when it has been cut out and read again. */
function sent(array: ArrayView, rowStart: number): unknown[] {
  const { header, body } = new RecordBatchSlice([array], { rowStart, rowCount: array.length - rowStart }).toFrame();
  const message = decodeMessage(header);
  if (message.kind !== "record_batch") throw new Error("a slice is a record batch");
  return viewRecordBatch({ fields: [array.field], layout: message.layout, body }).flatMap(readValues);
}

describe("views that are made again", () => {
  test.each([0, 1, 3, 6, 7])("of strings, the array starting at %i", (offset) => {
    const restored = restoreViews(strings(offset));
    expect(restored.storage).toEqual({ kind: "view" });
    expect(readValues(restored)).toEqual(readValues(strings(offset)));
    expect(sent(restored, 0)).toEqual(readValues(strings(offset)));
  });

  test.each([
    [4, 0],
    [4, 2],
    [8, 0],
    [8, 1],
  ] as const)("of lists of them, offsets of %i bytes, the array starting at %i", (offsetByteWidth, offset) => {
    const source = lists(offsetByteWidth, offset);
    const restored = restoreViews(source);
    expect([restored.storage.kind, restored.children[0]!.storage.kind]).toEqual(["list_view", "view"]);
    expect(readValues(restored)).toEqual(readValues(source));
    expect(sent(restored, 0)).toEqual(readValues(source));
    expect(sent(restored, 1)).toEqual(readValues(source).slice(1));
  });

  test("of nothing", () => {
    const empty = { ...strings(0), length: 0, buffers: [ByteRange.empty, ByteRange.empty] };
    expect(sent(restoreViews(empty), 0)).toEqual([]);
  });

  test("what is no view stays as it is", () => {
    const plain = { ...strings(0), field: field({ kind: "utf8" }) };
    expect(restoreViews(plain)).toBe(plain);
  });
});
