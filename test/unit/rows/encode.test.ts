import { tableFromArrays, tableToIPC, Table, Utf8, vectorFromArray } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { createFrame, type FlightFrame } from "../../../src/flight/index.ts";
import { decodeIpcStream, decodeSchema, encodeSchema } from "../../../src/arrow/index.ts";
import { encodeCsv, encodeNdjson, readTextRows } from "../../../src/rows/index.ts";

const people = new Table({
  name: vectorFromArray(["Mario", null, "", 'a "b", c\nd'], new Utf8()),
  age: vectorFromArray([24, null, 0, -1]),
});

async function* framesOf(table: Table): AsyncGenerator<FlightFrame> {
  yield* decodeIpcStream(tableToIPC(table, "stream"));
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
  return text;
}

describe("rows", () => {
  test("are a line of JSON each", async () => {
    expect(await textOf(encodeNdjson(framesOf(people)))).toBe(
      '{"name":"Mario","age":24}\n{"name":null,"age":null}\n{"name":"","age":0}\n{"name":"a \\"b\\", c\\nd","age":-1}\n',
    );
  });

  test("are CSV, where an empty string is no null", async () => {
    expect(await textOf(encodeCsv(framesOf(people)))).toBe('name,age\nMario,24\n,\n"",0\n"a ""b"", c\nd",-1\n');
  });

  test("are cells of text below the names of the columns", async () => {
    expect(await Array.fromAsync(readTextRows(framesOf(people)))).toEqual([
      ["name", "age"],
      ["Mario", "24"],
      [null, null],
      ["", "0"],
      ['a "b", c\nd', "-1"],
    ]);
  });

  test("of many kilobytes come in several chunks, and leaving them leaves the frames", async () => {
    const long = tableFromArrays({ n: Int32Array.from({ length: 100_000 }, (_, i) => i) });
    let isLeft = false;
    async function* frames() {
      try {
        yield* framesOf(long);
      } finally {
        isLeft = true;
      }
    }
    expect((await textOf(encodeNdjson(frames()))).split("\n")).toHaveLength(100_001);
    isLeft = false;
    for await (const chunk of encodeCsv(frames())) {
      expect(chunk.byteLength).toBeLessThan(100_000);
      break;
    }
    expect(isLeft).toBe(true);
  });

  test("of a stream without a schema are refused", async () => {
    const none = async function* () {
      yield createFrame({});
    };
    await expect(textOf(encodeNdjson(none()))).rejects.toThrow("ended before its schema");
  });

  test("of two columns of one name are no JSON, but CSV", async () => {
    async function* twice() {
      const [schemaFrame, batch] = decodeIpcStream(tableToIPC(tableFromArrays({ n: [1], m: [2] }), "stream"));
      const { fields, metadata } = decodeSchema(schemaFrame!.header);
      const named = fields.map((field) => ({ ...field, name: "n" }));
      yield createFrame({ header: encodeSchema({ fields: named, metadata }) });
      yield batch!;
    }
    expect(await textOf(encodeCsv(twice()))).toBe("n,n\n1,2\n");
    await expect(textOf(encodeNdjson(twice()))).rejects.toThrow('several fields named "n"');
  });
});
