import { Int32, makeData, RecordBatch, Schema, Struct, Field, Table, tableToIPC } from "apache-arrow";
import { expect, test } from "vitest";
import { decodeIpcStream, decodeSchema } from "../../../../src/arrow/index.ts";
import { bodyByteLength } from "../../../../src/flight/index.ts";
import { sortFrames } from "../../../../src/store/compact/sort-frames.ts";
import { sortedArrowBytesMax } from "../../../../src/store/limits.ts";

test("refuses more rows than its memory may hold", async () => {
  const length = 4 * 1024 * 1024;
  const field = new Field("n", new Int32());
  const struct = makeData({
    type: new Struct([field]),
    length,
    children: [makeData({ type: new Int32(), length, data: new Int32Array(length) })],
  });
  const table = new Table([new RecordBatch(new Schema([field]), struct)]);
  const [schema, frame] = [...decodeIpcStream(tableToIPC(table, "stream"))];
  // The same batch again and again, so that the test itself needs little memory.
  const count = Math.ceil(sortedArrowBytesMax / bodyByteLength(frame!)) + 1;
  const frames = (async function* () {
    for (let i = 0; i < count; i++) yield frame!;
  })();
  const { fields } = decodeSchema(schema!.header);
  const sorted = sortFrames(frames, { fields, columnIndex: 0, signal: new AbortController().signal });
  await expect(sorted.next()).rejects.toMatchObject({ code: "resource_exhausted" });
});
