import { Dictionary, Int8, makeVector, tableFromArrays, Table, Utf8, vectorFromArray } from "apache-arrow";
import { afterAll, describe, expect, test } from "vitest";
import { bodyByteLength, createFrame, joinBody, type FlightFrame } from "../../../src/flight/index.ts";
import { messageKind } from "../../../src/arrow/index.ts";
import { decodeFooter } from "../../../src/parquet/format/footer.ts";
import {
  decodeStorableSchema,
  ParquetPool,
  ParquetWriter,
  readParquetFacts,
  readParquetFrames,
} from "../../../src/parquet/index.ts";
import { integerField, structListField } from "../../../src/parquet/format/thrift-fields.ts";
import { createTemporaryFile, never, readFrames, toFrames, toTable, writeFrames } from "./tables.ts";

const pool = new ParquetPool({ workerCount: 2 });
afterAll(() => pool.close());

/** Rows of numbers, the first of which tells which row it is. */
function numbers(rowCount: number, from = 0): Table {
  return tableFromArrays({
    id: Int32Array.from({ length: rowCount }, (_, i) => from + i),
    noise: Float64Array.from({ length: rowCount }, (_, i) => Math.sin((from + i) ** 2)),
  });
}

/** Rows with strings, some of them null. */
function words(rowCount: number): Table {
  return tableFromArrays({ text: Array.from({ length: rowCount }, (_, i) => (i % 7 === 0 ? null : `row ${i}`)) });
}

/** Compares columns of numbers as bytes: there are millions. */
function expectSameNumbers(actual: Table, expected: Table): void {
  expect(actual.schema.toString()).toBe(expected.schema.toString());
  for (const { name } of expected.schema.fields) {
    const [got, wanted] = [actual, expected].map((table) => table.getChild(name)?.toArray() as Float64Array);
    expect(Buffer.compare(bytesOf(got!), bytesOf(wanted!))).toBe(0);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

describe("what is written is read again", () => {
  test("in batches, over several row groups that are encoded at the same time", async () => {
    await using temporary = await createTemporaryFile();
    const tables = Array.from({ length: 40 }, (_, i) => numbers(100_000, i * 100_000));
    const expected = tables[0]!.concat(...tables.slice(1));
    const { rowCount, byteLength } = await writeFrames(pool, temporary.file, toFrames(expected));
    const written = { rowCount, byteLength };
    expect(written).toEqual({ rowCount: 4_000_000n, byteLength: BigInt(temporary.file.version.byteLength) });
    const facts = await readParquetFacts(pool, temporary.file);
    expect(facts).toMatchObject(written);
    expect(facts.rowGroups.length).toBeGreaterThan(2);
    const got = await readFrames(pool, temporary.file);
    expect(got[0]!.header).toEqual(facts.schemaHeader);
    expect(Math.max(...got.map(bodyByteLength))).toBeLessThan(3 * 1024 * 1024);
    expectSameNumbers(toTable(got), expected);
    expect(pool.readAhead.heldBytes).toBe(0);
  });

  test("as one batch larger than a row group, in the pieces of a socket", async () => {
    await using temporary = await createTemporaryFile();
    const expected = numbers(3_000_000);
    const [schema, batch] = toFrames(expected);
    const body = joinBody(batch!);
    const pieces = Array.from({ length: Math.ceil(body.byteLength / 16_381) }, (_, i) =>
      body.subarray(i * 16_381, (i + 1) * 16_381),
    );
    await writeFrames(pool, temporary.file, [schema!, createFrame({ ...batch, body: pieces })]);
    expect((await readParquetFacts(pool, temporary.file)).rowGroups.length).toBeGreaterThan(1);
    expectSameNumbers(toTable(await readFrames(pool, temporary.file)), expected);
  });

  test("strings and nulls", async () => {
    await using temporary = await createTemporaryFile();
    await writeFrames(pool, temporary.file, toFrames(words(20_000)));
    const got = toTable(await readFrames(pool, temporary.file));
    expect(got.getChild("text")!.toJSON()).toEqual(words(20_000).getChild("text")!.toJSON());
  });

  test("dictionaries, each in its row group when one is replaced", async () => {
    await using temporary = await createTemporaryFile();
    const type = new Dictionary(new Utf8(), new Int8(), 0);
    const tables = Array.from({ length: 5 }, (_, batch) => {
      const dictionary = vectorFromArray(
        Array.from({ length: 100 }, (_, i) => `value ${batch}-${i}`),
        new Utf8(),
      );
      const data = Int8Array.from({ length: 1000 }, (_, i) => i % 100);
      return new Table({ word: makeVector({ type, data, dictionary }) });
    });
    const [schema] = toFrames(tables[0]!);
    const frames = [schema!, ...tables.flatMap((table) => toFrames(table).slice(1))];
    await writeFrames(pool, temporary.file, frames);
    const got = await readFrames(pool, temporary.file);
    expect(got.filter((frame) => messageKind(frame.header) === "dictionary_batch")).toHaveLength(5);
    const gotWords = tablesOf(got).flatMap((table) => [...table.getChild("word")!.toJSON()]);
    expect(gotWords).toEqual(tables.flatMap((table) => [...table.getChild("word")!.toJSON()]));
  });

  test.each([
    ["no batch", (frames: FlightFrame[]) => frames.slice(0, 1)],
    ["a batch without rows", (frames: FlightFrame[]) => frames],
  ])("no rows: %s", async (_, choose) => {
    await using temporary = await createTemporaryFile();
    const written = await writeFrames(
      pool,
      temporary.file,
      choose(toFrames(tableFromArrays({ a: new Int32Array(0) }))),
    );
    expect(written.rowCount).toBe(0n);
    const got = await readFrames(pool, temporary.file);
    expect(got).toHaveLength(1);
    expect(messageKind(got[0]!.header)).toBe("schema");
  });

  test("the metadata of the schema", async () => {
    await using temporary = await createTemporaryFile();
    const table = tableFromArrays({ a: Int32Array.of(1) });
    table.schema.metadata.set("owner", "me");
    await writeFrames(pool, temporary.file, toFrames(table));
    expect([...toTable(await readFrames(pool, temporary.file)).schema.metadata]).toEqual([["owner", "me"]]);
  });
});

/** The tables between replaced dictionaries, as apache-arrow makes one dictionary of all that a table has. */
function tablesOf(frames: readonly FlightFrame[]): Table[] {
  const tables: FlightFrame[][] = [];
  for (const frame of frames.slice(1)) {
    if (messageKind(frame.header) === "dictionary_batch") tables.push([frames[0]!]);
    tables.at(-1)?.push(frame);
  }
  return tables.map(toTable);
}

describe("the file", () => {
  test("has its page indexes in one place, behind all pages", async () => {
    await using temporary = await createTemporaryFile();
    await writeFrames(pool, temporary.file, toFrames(numbers(3_000_000)));
    const bytes = await temporary.file.handle.readFile();
    const places = structListField(decodeFooter(bytes), 4)
      .flatMap((group) => structListField(group, 1))
      .flatMap((chunk) => [integerField(chunk, 4), integerField(chunk, 6)]);
    const first = Math.min(...places);
    expect(places.length).toBeGreaterThan(4);
    expect(bytes.byteLength - first).toBeLessThan(bytes.byteLength / 50);
  });
});

describe("a write that ends early", () => {
  const frames = toFrames(numbers(300_000));

  test("leaves nothing running", async () => {
    await using temporary = await createTemporaryFile();
    const writer = new ParquetWriter(pool, temporary.file, decodeStorableSchema(frames[0]!.header), { signal: never });
    for (let i = 0; i < 8; i++) await writer.write(frames[1]!);
    await writer.abort();
    await writer.abort();
    const { byteLength } = temporary.file.version;
    await readFramesOfAnother();
    expect(temporary.file.version.byteLength).toBe(byteLength);
    await expect(writer.finish()).rejects.toThrow("aborted");
  });

  test("by its signal", async () => {
    await using temporary = await createTemporaryFile();
    const cancel = new AbortController();
    const writer = new ParquetWriter(pool, temporary.file, decodeStorableSchema(frames[0]!.header), {
      signal: cancel.signal,
    });
    await writer.write(frames[1]!);
    cancel.abort(new Error("the client left"));
    await expect(writer.write(frames[1]!)).rejects.toThrow("the client left");
    await expect(writer.finish()).rejects.toThrow("the client left");
    await writer.abort();
  });

  test("by a batch that is not valid, which costs nobody else anything", async () => {
    await using temporary = await createTemporaryFile();
    const [schema, batch] = toFrames(new Table({ text: vectorFromArray(["a", "b", "c"], new Utf8()) }));
    const broken = createFrame({ ...batch, body: [Uint8Array.from(joinBody(batch!)).fill(0x7f)] });
    const write = writeFrames(pool, temporary.file, [schema!, broken]);
    await expect(write).rejects.toMatchObject({ code: "invalid_argument" });
    await readFramesOfAnother();
  });

  test("by an error of the file", async () => {
    await using temporary = await createTemporaryFile();
    const writer = new ParquetWriter(pool, temporary.file, decodeStorableSchema(frames[0]!.header), { signal: never });
    const write = async (): Promise<void> => {
      for (let i = 0; i < 30; i++) await writer.write(frames[1]!);
    };
    temporary.file.append = () => Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" }));
    await expect(write()).rejects.toMatchObject({ code: "ENOSPC" });
    await writer.abort();
  });
});

describe("a read that ends early", () => {
  test("holds nothing when its consumer leaves", async () => {
    await using temporary = await createTemporaryFile();
    await writeFrames(pool, temporary.file, toFrames(numbers(3_000_000)));
    const facts = await readParquetFacts(pool, temporary.file);
    let frameCount = 0;
    for await (const _ of readParquetFrames(pool, temporary.file, facts, { signal: never }))
      if (++frameCount === 4) break;
    expect(pool.readAhead.heldBytes).toBe(0);
  });

  test("by its signal", async () => {
    await using temporary = await createTemporaryFile();
    await writeFrames(pool, temporary.file, toFrames(numbers(3_000_000)));
    const facts = await readParquetFacts(pool, temporary.file);
    const cancel = new AbortController();
    const read = readParquetFrames(pool, temporary.file, facts, { signal: cancel.signal });
    await read.next();
    await read.next();
    cancel.abort(new Error("the client left"));
    await expect(Array.fromAsync(read)).rejects.toThrow("the client left");
    expect(pool.readAhead.heldBytes).toBe(0);
  });

  test.each([
    ["is cut off", "data_loss", (bytes: Buffer) => bytes.subarray(0, bytes.byteLength >> 1)],
    ["is empty", "data_loss", (bytes: Buffer) => bytes.subarray(0, 0)],
    ["is encrypted", "unimplemented", (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -4), Buffer.from("PARE")])],
    ["has a footer longer than itself", "data_loss", (bytes: Buffer) => withFooterLength(bytes, bytes.byteLength)],
    ["has a footer of 4 GiB", "data_loss", (bytes: Buffer) => withFooterLength(bytes, 0xffff_ffff)],
    ["has other bytes in its pages", "data_loss", (bytes: Buffer) => Buffer.from(bytes).fill(0xff, 4, 300)],
  ])("because the file %s, with %s", async (_, code, damage) => {
    await using temporary = await createTemporaryFile();
    await writeFrames(pool, temporary.file, toFrames(words(1000)));
    const damaged = damage(await temporary.file.handle.readFile());
    await temporary.file.handle.truncate(0);
    await temporary.file.handle.write(damaged, 0, damaged.byteLength, 0);
    await expect(readFrames(pool, temporary.file)).rejects.toMatchObject({ code });
    await readFramesOfAnother();
    expect(pool.readAhead.heldBytes).toBe(0);
  });
});

function withFooterLength(bytes: Buffer, byteLength: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt32LE(byteLength, bytes.byteLength - 8);
  return changed;
}

/** The pool still serves. */
async function readFramesOfAnother(): Promise<void> {
  await using temporary = await createTemporaryFile();
  await writeFrames(pool, temporary.file, toFrames(words(10)));
  expect(toTable(await readFrames(pool, temporary.file)).numRows).toBe(10);
}

describe("frames that are refused", () => {
  const [schema, ...rest] = toFrames(words(10));

  test.each<[string, FlightFrame[], string, RegExp]>([
    ["a second schema", [schema!, schema!], "invalid_argument", /second schema/],
    ["a batch before its dictionary", [schema!, rest.at(-1)!], "invalid_argument", /dictionary of column text/],
    [
      "a batch of other columns",
      [...toFrames(tableFromArrays({ a: Int32Array.of(1) })).slice(0, 1), rest.at(-1)!],
      "invalid_argument",
      /./,
    ],
  ])("%s", async (_, frames, code, message) => {
    await using temporary = await createTemporaryFile();
    await expect(writeFrames(pool, temporary.file, frames)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });
});
