import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import {
  decodeIpcStream,
  decodeMessage,
  decodeSchema,
  encodeBatchHeader,
  encodeSchema,
  toPairs,
  viewRecordBatch,
  type RecordBatchLayout,
} from "../../../src/arrow/index.ts";
import { toArrowSchema } from "../../../src/client/decode-batches.ts";
import { createSharedSchema, sharedParts } from "../../support/shared-schema.ts";

const refused = (words: string, code = "invalid_argument"): Error =>
  expect.objectContaining({
    code,
    message: expect.stringContaining(words) as string,
  }) as Error;

describe("a schema whose fields share one", () => {
  test.each(sharedParts)("%s is refused", (shared) => {
    const header = createSharedSchema(shared);
    expect(() => decodeSchema(header)).toThrow(refused("expands to more than", "resource_exhausted"));
    expect(() => toArrowSchema(header)).toThrow(refused("expands to more than", "resource_exhausted"));
  });
});

describe("a schema of its own parts", () => {
  const metadata = new Map([["key", "value"]]);

  test.each<[string, arrow.DataType]>([
    ["integers", new arrow.Int32()],
    ["times", new arrow.TimestampMillisecond("Europe/Berlin")],
    ["structs", new arrow.Struct([new arrow.Field("a", new arrow.Utf8(), true)])],
    ["dictionaries", new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), 1)],
  ])("of 10,000 %s is read, whoever has written it", (_, type) => {
    const fields = Array.from({ length: 10_000 }, (_, i) => new arrow.Field(`c${i}`, type, true, metadata));
    const [frame] = decodeIpcStream(arrow.tableToIPC(new arrow.Table(new arrow.Schema(fields, metadata))));
    const schema = decodeSchema(frame!.header);
    expect(schema.fields).toHaveLength(10_000);
    expect(decodeSchema(encodeSchema(schema))).toEqual(schema);
  });

  test.each([1, 100, 10_000])("of fields without names, %i of them, is read", (fieldCount) => {
    const fields = Array.from({ length: fieldCount }, () => new arrow.Field("", new arrow.Null(), true));
    const [frame] = decodeIpcStream(arrow.tableToIPC(new arrow.Table(new arrow.Schema(fields))));
    expect(decodeSchema(frame!.header).fields).toHaveLength(fieldCount);
  });
});

describe("a batch", () => {
  const layout: RecordBatchLayout = {
    rowCount: 1,
    nodes: [{ length: 1, nullCount: 0 }],
    buffers: [{ byteOffset: 0, byteLength: 8 }],
    variadicCounts: [7],
  };

  test.each(["nodes", "buffers", "counts of view buffers"])("that declares more %s than its header has", (what) => {
    const header = encodeBatchHeader({ ...toPairs(layout), bodyByteLength: 8 });
    const count = new Uint8Array(Uint32Array.of(0x7777).buffer);
    // Wherever a 1 stands it may be the count of a vector.
    const places = [...Array(header.byteLength - 3).keys()].filter((i) => i % 4 === 0 && header[i] === 1);
    const messages = places.map((place) => {
      const broken = header.slice();
      broken.set(count, place);
      try {
        decodeMessage(broken);
        return "";
      } catch (reason) {
        return (reason as Error).message;
      }
    });
    expect(messages).toContain(`a batch declares 30583 ${what}, more than its header has`);
  });

  test("whose columns share one buffer is refused", () => {
    const [frame] = decodeIpcStream(
      arrow.tableToIPC(
        new arrow.Table(new arrow.Schema(["a", "b"].map((name) => new arrow.Field(name, new arrow.Float64(), false)))),
      ),
    );
    const { fields } = decodeSchema(frame!.header);
    const body = [new Uint8Array(800)];
    const node = { length: 100, nullCount: 0 };
    const none = { byteOffset: 0, byteLength: 0 };
    const all = { byteOffset: 0, byteLength: 800 };
    const batch = { rowCount: 100, nodes: [node, node], variadicCounts: [] };
    const shared = { ...batch, buffers: [none, all, none, all] };
    expect(() => viewRecordBatch({ fields, layout: shared, body })).toThrow(refused("share bytes"));
    const own = { ...batch, buffers: [none, all, none, { byteOffset: 800, byteLength: 800 }] };
    expect(viewRecordBatch({ fields, layout: own, body: [...body, new Uint8Array(800)] })).toHaveLength(2);
  });
});
