import { tableFromArrays, tableToIPC } from "apache-arrow";
import { Message } from "apache-arrow/fb/message";
import { describe, expect, test, vi } from "vitest";
import { createFrame, joinBody, type FlightFrame } from "../../../src/flight/index.ts";
import {
  batchHeaderBytesMax,
  cutRecordBatch,
  decodeIpcStream,
  decodeMessage,
  decodeSchema,
  PiecedBytes,
  RecordBatchSlice,
  viewRecordBatch,
  type ArrayView,
  type RecordBatchLayout,
  type Schema,
} from "../../../src/arrow/index.ts";
import { everyLayout } from "./every-layout.ts";
import { readValues } from "./read-values.ts";

interface Batch {
  readonly schema: Schema;
  readonly frame: FlightFrame;
  readonly layout: RecordBatchLayout;
}

/** The last batch of an IPC stream. */
function lastBatch(stream: Uint8Array): Batch {
  const frames = [...decodeIpcStream(stream)];
  const frame = frames.at(-1)!;
  return { schema: decodeSchema(frames[0]!.header), frame, layout: layoutOf(frame) };
}

function layoutOf(frame: FlightFrame): RecordBatchLayout {
  const message = decodeMessage(frame.header);
  if (message.kind !== "record_batch") throw new Error(`a record batch is expected, not ${message.kind}`);
  return message.layout;
}

function view({ schema, frame, layout }: Batch, changes: Partial<RecordBatchLayout> = {}): readonly ArrayView[] {
  return viewRecordBatch({ fields: schema.fields, layout: { ...layout, ...changes }, body: frame.body });
}

function valuesOf(schema: Schema, frame: FlightFrame): unknown[][] {
  const arrays = viewRecordBatch({ fields: schema.fields, layout: layoutOf(frame), body: frame.body });
  return arrays.map(readValues);
}

/** The bytes of each buffer, without what pads them. */
function buffersOf(frame: FlightFrame): Uint8Array[] {
  const body = joinBody(frame);
  return layoutOf(frame).buffers.map(({ byteOffset, byteLength }) => body.slice(byteOffset, byteOffset + byteLength));
}

/** The same bytes in pieces of odd sizes, as a socket delivers them. */
function inPieces(frame: FlightFrame): FlightFrame {
  const body = joinBody(frame);
  const pieces: Uint8Array[] = [];
  for (let at = 0, length = 1; at < body.byteLength; at += length, length = (length * 7) % 311) {
    pieces.push(body.subarray(at, at + length));
  }
  return createFrame({ ...frame, body: pieces });
}

describe("cutting a batch with a column of every layout", () => {
  const batch = lastBatch(everyLayout);
  const whole = valuesOf(batch.schema, batch.frame);

  test.each([
    [0, 97],
    [0, 1],
    [1, 8],
    [3, 50],
    [8, 64],
    [13, 21],
    [96, 1],
    [97, 0],
    [40, 0],
  ])("from row %i, %i rows", (rowStart, rowCount) => {
    const slice = new RecordBatchSlice(view({ ...batch, frame: inPieces(batch.frame) }), { rowStart, rowCount });
    expect(valuesOf(batch.schema, slice.toFrame())).toEqual(
      whole.map((values) => values.slice(rowStart, rowStart + rowCount)),
    );
  });

  test.each([
    [0, 97],
    [1, 8],
    [3, 50],
    [13, 21],
    [96, 1],
    [97, 0],
  ])("a body in used memory has nothing of what was there before: from row %i, %i rows", (rowStart, rowCount) => {
    const slice = new RecordBatchSlice(view(batch), { rowStart, rowCount });
    const used = slice.toFrame((byteLength) => new Uint8Array(byteLength).fill(0xff));
    expect(used).toEqual(slice.toFrame());
  });

  test("a slice of a slice", () => {
    const outer = new RecordBatchSlice(view(batch), { rowStart: 5, rowCount: 60 }).toFrame();
    const inner = new RecordBatchSlice(view({ ...batch, frame: outer, layout: layoutOf(outer) }), {
      rowStart: 6,
      rowCount: 20,
    });
    expect(valuesOf(batch.schema, inner.toFrame())).toEqual(whole.map((values) => values.slice(11, 31)));
  });

  test.each([
    [7, 30],
    [40, 0],
  ])("an IPC message written into used memory is the frame: from row %i, %i rows", (rowStart, rowCount) => {
    const slice = new RecordBatchSlice(view(batch), { rowStart, rowCount });
    const stream = new Uint8Array(slice.ipcByteLength + 3).fill(0xff);
    expect(slice.writeIpc(stream, 3)).toBe(stream.byteLength);
    const [written] = decodeIpcStream(stream.subarray(3));
    expect(buffersOf(written!)).toEqual(buffersOf(slice.toFrame()));
  });

  test.each([300, 2000, 10_000, 1_000_000])("into bodies of %i bytes", (bodyBytesMax) => {
    const slices = [...cutRecordBatch(view(batch), 97, { bodyBytesMax })];
    const frames = slices.map((slice) => slice.toFrame());
    for (const { bodyByteLength, rowCount } of slices) {
      expect(bodyByteLength <= bodyBytesMax || rowCount === 1).toBe(true);
    }
    const values = frames.map((frame) => valuesOf(batch.schema, frame));
    expect(whole.map((_, column) => values.flatMap((columns) => columns[column]))).toEqual(whole);
  });

  test("null counts are those of the rows that are left", () => {
    const nulls = whole.map((values) => values.slice(20, 33).filter((value) => value === null).length);
    const slice = new RecordBatchSlice(view(batch), { rowStart: 20, rowCount: 13 }).toFrame();
    const arrays = batch.schema.fields.map((field) => field.name);
    const simple = arrays.slice(0, 14).map((_, i) => layoutOf(slice).nodes[i]!.nullCount);
    expect(simple).toEqual(nulls.slice(0, 14));
  });
});

describe("cutting batches", () => {
  test("long rows in one place do not make the slices behind them small", () => {
    const texts = Array.from({ length: 2000 }, (_, i) => (i < 5 ? "x".repeat(50_000) : "y"));
    const batch = lastBatch(tableToIPC(tableFromArrays({ texts }), "stream"));
    const slices = [...cutRecordBatch(view(batch), 2000, { bodyBytesMax: 60_000 })];
    expect(slices.length).toBeLessThan(15);
  });

  test("rows are bounded too, and no rows give one slice", () => {
    const batch = lastBatch(tableToIPC(tableFromArrays({ a: new Int32Array(10) }), "stream"));
    const bounds = { bodyBytesMax: 1000, rowCountMax: 4 };
    expect([...cutRecordBatch(view(batch), 10, bounds)].map((slice) => slice.rowCount)).toEqual([4, 4, 2]);
    expect([...cutRecordBatch(view(batch), 0, bounds)].map((slice) => slice.rowCount)).toEqual([0]);
  });

  test("each buffer is copied through one view of it", () => {
    const columns = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`c${i}`, new Float64Array(50)]));
    const arrays = view(lastBatch(tableToIPC(tableFromArrays(columns), "stream")));
    const viewed = vi.spyOn(Uint8Array.prototype, "subarray");
    try {
      new RecordBatchSlice(arrays, { rowStart: 8, rowCount: 20 }).toFrame();
      expect(viewed.mock.calls.length).toBeLessThan(110);
    } finally {
      viewed.mockRestore();
    }
  });

  test("the header of a slice has at most the expected length", () => {
    const batch = lastBatch(everyLayout);
    const arrays = view(batch);
    const lengths = [...cutRecordBatch(arrays, 97, { bodyBytesMax: 4000 })].map(
      (slice) => slice.toFrame().header.length,
    );
    expect(Math.max(...lengths)).toBeLessThanOrEqual(batchHeaderBytesMax(arrays));
    expect(Math.max(...lengths)).toBeGreaterThan(batchHeaderBytesMax(arrays) / 2);
  });

  test("only the view data that a slice needs goes along", () => {
    const batch = lastBatch(everyLayout);
    const views = view(batch).filter(({ storage }) => storage.kind === "view");
    const dataBytes = views.flatMap(({ buffers }) => buffers.slice(1)).reduce((sum, data) => sum + data.byteLength, 0);
    const slice = new RecordBatchSlice(views, { rowStart: 50, rowCount: 10 });
    expect(slice.bodyByteLength).toBeLessThan(dataBytes / 2);
  });
});

describe("views that are cut", () => {
  const longText = (i: number): string => `value ${i} which is too long to lie in its view`;
  const texts = Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? "short" : longText(i)));
  const rows = Array.from({ length: 10 }, (_, i) => 20 + i);

  test.each<[string, (view: number) => number]>([
    ["in the order of their values", (view) => view],
    ["in another order", (view) => 99 - view],
    ["far apart", (view) => (view % 2 === 0 ? 1 : 98)],
    ["of one value", () => 1],
  ])("%s bring along little more than their values", (_, valueOf) => {
    const data = new TextEncoder().encode(texts.join(""));
    const starts = texts.map((_text, i) => texts.slice(0, i).join("").length);
    const views = new DataView(new ArrayBuffer(16 * texts.length));
    texts.forEach((_text, view) => {
      const value = valueOf(view);
      const { length } = texts[value]!;
      views.setInt32(16 * view, length, true);
      const inView = data.subarray(starts[value], starts[value]! + (length > 12 ? 4 : length));
      new Uint8Array(views.buffer).set(inView, 16 * view + 4);
      if (length > 12) views.setInt32(16 * view + 8, 1, true);
      if (length > 12) views.setInt32(16 * view + 12, starts[value]!, true);
    });
    const field = {
      name: "c",
      nullable: true,
      type: { kind: "utf8_view" },
      children: [],
      metadata: new Map(),
    } as const;
    const buffers = [new Uint8Array(views.buffer), new Uint8Array(9), data].map((bytes) =>
      new PiecedBytes([bytes]).range(0, bytes.byteLength),
    );
    const array: ArrayView = {
      field,
      storage: { kind: "view" },
      length: texts.length,
      offset: 0,
      validity: undefined,
      buffers,
      children: [],
    };
    const slice = new RecordBatchSlice([array], { rowStart: 20, rowCount: 10 });
    const wanted = rows.map((row) => texts[valueOf(row)]!);
    const [values] = valuesOf({ fields: [field], metadata: new Map() }, slice.toFrame());
    expect(values).toEqual(wanted.map((text) => Buffer.from(text).toString("hex")));
    expect(slice.bodyByteLength).toBeLessThanOrEqual(16 * 10 + 2 * wanted.join("").length + 8);
  });
});

describe("a batch that is not what its schema says is refused", () => {
  const batch = lastBatch(tableToIPC(tableFromArrays({ texts: ["a", "b", "c"], numbers: [1.5, 2.5, 3.5] }), "stream"));
  const { layout } = batch;
  const withBuffer = (index: number, change: { byteOffset?: number; byteLength?: number }): RecordBatchLayout => ({
    ...layout,
    buffers: layout.buffers.map((buffer, i) => (i === index ? { ...buffer, ...change } : buffer)),
  });

  test.each<[string, Partial<RecordBatchLayout>, RegExp]>([
    ["too few nodes", { nodes: layout.nodes.slice(0, 1) }, /column numbers has no node/],
    ["too many nodes", { nodes: [...layout.nodes, ...layout.nodes] }, /more buffers than its schema/],
    ["too few buffers", { buffers: layout.buffers.slice(0, -1) }, /column numbers has fewer buffers/],
    ["another row count", { rowCount: 4 }, /column \w+ has 3 values in a batch of 4 rows/],
    ["more nulls than values", { nodes: layout.nodes.map((node) => ({ ...node, nullCount: 9 })) }, /9 nulls among 3/],
    ["a buffer outside the body", withBuffer(2, { byteOffset: 1_000_000 }), /body of \d+/],
    ["a buffer that is too short", withBuffer(layout.buffers.length - 1, { byteLength: 4 }), /4 bytes; \d+ are/],
    ["billions of rows", { rowCount: 2 ** 40 }, /the maximum is 2147483647/],
  ])("%s", (_, changes, message) => {
    expect(() => view(batch, changes)).toThrow(
      expect.objectContaining({ code: "invalid_argument", message: expect.stringMatching(message) }),
    );
  });

  test("compressed bodies, by the name of their codec", () => {
    expect(() => view(batch, { compression: "zstd" })).toThrow(
      expect.objectContaining({ code: "unimplemented", message: expect.stringContaining("ZSTD") }),
    );
  });

  test("offsets that leave their values, when the slice is made", () => {
    const whole = lastBatch(everyLayout);
    const body = Uint8Array.from(joinBody(whole.frame));
    // Nine columns of two buffers each, and the one without any, come before those of the strings.
    const stringOffsets = whole.layout.buffers[19]!;
    new DataView(body.buffer).setInt32(stringOffsets.byteOffset + 4 * 50, 1 << 20, true);
    const arrays = view({ ...whole, frame: createFrame({ ...whole.frame, body: [body] }) });
    expect(() => new RecordBatchSlice(arrays, { rowStart: 50, rowCount: 10 })).toThrow("column string has offsets");
  });
});

test("a slice encodes its header once, also where its null counts come later", () => {
  const table = tableFromArrays({ n: [1, null, 3, null, null] });
  const batch = lastBatch(tableToIPC(table, "stream"));
  const slice = new RecordBatchSlice(view(batch), { rowStart: 2, rowCount: 3 });
  const encoded = vi.spyOn(Message, "startMessage");
  const written = new Uint8Array(slice.ipcByteLength);
  expect(slice.writeIpc(written, 0)).toBe(written.byteLength);
  const frame = slice.toFrame();
  expect(encoded).toHaveBeenCalledTimes(1);
  const [inStream] = decodeIpcStream(written);
  expect(layoutOf(inStream!)).toEqual(layoutOf(frame));
  expect(layoutOf(frame).nodes).toEqual([{ length: 3, nullCount: 2 }]);
  expect(valuesOf(batch.schema, frame)).toEqual(valuesOf(batch.schema, batch.frame).map((values) => values.slice(2)));
});
