import {
  Bool,
  DataType,
  Dictionary,
  Field,
  Int32,
  List,
  RecordBatch,
  Struct,
  Table,
  tableFromArrays,
  tableToIPC,
  TimestampMicrosecond,
  Utf8,
  vectorFromArray,
  type Vector,
} from "apache-arrow";
import * as secondCopy from "apache-arrow-copy";
import { afterEach, describe, expect, test } from "vitest";
import { batchBodyBytesTarget } from "../../src/flight/index.ts";
import type { DatasetClient, Progress, TableData } from "../../src/client/index.ts";
import { collect, expectNothingOpen } from "./flight-suite.ts";

/**
 * What the high-level client does over a transport, against a server of datasets with the scenario producer. It looks
 * at the server through its calls alone, so that it also runs in a browser.
 *
 * @param pausedGetCount - how many gets that nobody reads on may run at once
 */
export function describeDatasets(connected: () => DatasetClient, { pausedGetCount = 3 } = {}): void {
  const rowsOf = async (name: string): Promise<object[]> => contentOf(await connected().get(name).table());
  const isThere = async (name: string): Promise<boolean> =>
    (await collect(connected().list())).some((info) => info.name === name);
  afterEach(() => expectNothingOpen(connected()));

  test("a table is put, described, got, listed and dropped", async () => {
    const client = connected();
    const table = tableFromArrays({ Character: ["Mario", "Luigi", "Peach"] });
    expect(await client.put("uploaded.parquet", table)).toMatchObject({ rowCount: 3 });
    const info = await client.info("uploaded.parquet");
    expect(info).toMatchObject({ name: "uploaded.parquet", rowCount: 3 });
    expect(info.schema.names).toEqual(["Character"]);
    expect((await client.schema("uploaded.parquet")).names).toEqual(["Character"]);
    expect(await rowsOf("uploaded.parquet")).toEqual(contentOf(table));
    expect((await collect(client.list("up*"))).map(({ name }) => name)).toEqual(["uploaded.parquet"]);
    await client.drop("uploaded.parquet");
    expect(await isThere("uploaded.parquet")).toBe(false);
    const name = "uploaded.parquet";
    for (const ask of [() => client.info(name), () => client.drop(name), () => rowsOf(name)]) {
      const message = 'there is no dataset "uploaded.parquet"';
      await expect(ask()).rejects.toMatchObject({ name: "FlightError", code: "not_found", message });
    }
  });

  describe("data", () => {
    const table = new Table([0, 1, 2].map((part) => batchOf({ n: vectorFromArray([part, part + 10], new Int32()) })));
    const bytes = tableToIPC(table, "stream");
    const inPieces = (size: number): Uint8Array[] =>
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
    const forms: Record<string, () => TableData> = {
      "a table": () => table,
      "a list of batches": () => table.batches,
      "an async iterable of batches": () => streamOf(table.batches),
      "a stream of batches": () => readableOf(table.batches),
      "the bytes of an IPC stream": () => bytes,
      "chunks of an IPC stream": () => streamOf(inPieces(7)),
      "a stream of chunks": () => readableOf(inPieces(100)),
    };

    test.each(Object.entries(forms))("can be %s", async (_what, toData) => {
      expect(await connected().put("form", toData())).toMatchObject({ rowCount: 6 });
      expect(await rowsOf("form")).toEqual(contentOf(table));
    });

    test("can be one batch", async () => {
      await connected().put("form", table.batches[1]!);
      expect(await rowsOf("form")).toEqual([{ n: 1 }, { n: 11 }]);
    });

    test("can be of a second copy of apache-arrow", async () => {
      const mixed = createMixedTable();
      const bytes = tableToIPC(mixed, "stream");
      const other = secondCopy.tableFromIPC(bytes);
      expect(other.schema.fields.some(({ type }) => type instanceof DataType)).toBe(false);
      const forms: TableData[] = [other, other.batches[0]!, other.batches, streamOf(other.batches)];
      for (const form of forms) {
        await connected().put("other", form);
        const got = await connected().get("other").table();
        const expected = form === other.batches[0] ? mixed.slice(0, other.batches[0].numRows) : mixed;
        expect(contentOf(got)).toEqual(contentOf(expected));
        expect(got.schema.fields.map(String)).toEqual(mixed.schema.fields.map(String));
      }
      await connected().put("other", other.slice(0, 0));
      expect((await connected().get("other").table()).schema.fields.map(String)).toEqual(
        mixed.schema.fields.map(String),
      );
      const own = new Table({
        n: secondCopy.vectorFromArray([1, 2], new secondCopy.Int32()),
      });
      await connected().put("other", own);
      expect(await rowsOf("other")).toEqual([{ n: 1 }, { n: 2 }]);
    });

    test("can have no rows, or no batches", async () => {
      for (const empty of [table.slice(0, 0), new Table(table.schema)]) {
        expect(await connected().put("empty", empty)).toMatchObject({ rowCount: 0 });
        const got = await connected().get("empty").table();
        expect([got.numRows, got.schema.names]).toEqual([0, ["n"]]);
      }
    });

    test("keeps dictionaries, nested types and nulls", async () => {
      const mixed = createMixedTable();
      await connected().put("mixed", mixed);
      const got = await connected().get("mixed").table();
      expect(contentOf(got)).toEqual(contentOf(mixed));
      expect(got.schema.fields.map(({ type }) => String(type))).toEqual(
        mixed.schema.fields.map(({ type }) => String(type)),
      );
    });

    test("in large batches is cut, and comes back whole with its progress told", async () => {
      const rowCount = 600_000;
      const large = new Table({
        n: vectorFromArray(Int32Array.from({ length: rowCount }, (_, i) => i)),
        half: vectorFromArray(Float64Array.from({ length: rowCount }, (_, i) => i / 2)),
      });
      const [sent, received]: Progress[][] = [[], []];
      await connected().put("large", large, { onProgress: (progress) => sent!.push(progress) });
      const batches: RecordBatch[] = [];
      for await (const batch of connected().get("large", { onProgress: (progress) => received!.push(progress) })) {
        batches.push(batch);
      }
      expect(batches.length).toBeGreaterThan(3);
      expect(batches.every(({ data }) => data.byteLength <= batchBodyBytesTarget + 1024)).toBe(true);
      const values = batches.flatMap((batch) => [...(batch.getChild("n")!.toArray() as Int32Array)]);
      expect(values.every((value, i) => value === i)).toBe(true);
      expect([sent!.at(-1)?.rowCount, received!.at(-1)]).toEqual([
        rowCount,
        expect.objectContaining({ rowCount, rowCountTotal: rowCount }),
      ]);
      expect(sent!.map((progress) => progress.rowCount)).toEqual(
        sent!.map((progress) => progress.rowCount).sort((a, b) => a - b),
      );
    });

    test.each<[string, () => TableData, string]>([
      ["is no data", () => [{}] as never, "neither Arrow data nor IPC bytes"],
      ["has no batch", () => [], "no schema"],
      ["has batches of different columns", () => [...table.batches, batchOf({ m: vectorFromArray([1]) })], "columns m"],
      ["is cut", () => bytes.subarray(0, -100), "ends inside a message"],
      ["is cut in chunks", () => streamOf(inPieces(100).slice(0, -2)), "ended inside a message"],
    ])("that %s is refused, and nothing is stored", async (_what, toData, message) => {
      const putting = connected().put("refused", toData());
      await expect(putting).rejects.toMatchObject({
        code: "invalid_argument",
        message: expect.stringContaining(message),
      });
      expect(await isThere("refused")).toBe(false);
    });
  });

  describe("a put that does not end well", () => {
    const batch = batchOf({ n: vectorFromArray([1, 2, 3], new Int32()) });

    test("because its source throws ends with that error, and stores nothing", async () => {
      const failure = new TypeError("the disk is gone");
      async function* source(): AsyncGenerator<RecordBatch> {
        yield batch;
        throw failure;
      }
      await expect(connected().put("cut", source())).rejects.toBe(failure);
      await expectNothingOpen(connected());
      expect(await isThere("cut")).toBe(false);
    });

    test("because its signal aborts is CANCELLED, leaves its source, and stores nothing", async () => {
      const leaving = new AbortController();
      const left = Promise.withResolvers<void>();
      async function* source(): AsyncGenerator<RecordBatch> {
        try {
          for (;;) {
            yield batch;
            if (!leaving.signal.aborted) setTimeout(() => leaving.abort(), 50);
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        } finally {
          left.resolve();
        }
      }
      const putting = connected().put("cut", source(), { signal: leaving.signal });
      await expect(putting).rejects.toMatchObject({ name: "FlightError", code: "cancelled" });
      await left.promise;
      await expectNothingOpen(connected());
      expect(await isThere("cut")).toBe(false);
    });

    test("because the server refuses it ends with the server's words", async () => {
      const refused = connected().put(".hidden", [batch]);
      await expect(refused).rejects.toMatchObject({
        code: "invalid_argument",
        message: '".hidden" cannot name a dataset: a segment begins with a dot',
      });
    });
  });

  describe("a get", () => {
    test("that is left ends on the server", async () => {
      for await (const { numRows } of connected().get("scenario/endless")) {
        expect(numRows).toBeGreaterThan(0);
        break;
      }
      await expectNothingOpen(connected());
    });

    test("whose signal aborts is CANCELLED", async () => {
      const leaving = new AbortController();
      const reading = (async () => {
        for await (const _ of connected().get("scenario/endless", { signal: leaving.signal })) leaving.abort();
      })();
      await expect(reading).rejects.toMatchObject({ name: "FlightError", code: "cancelled" });
      await expectNothingOpen(connected());
    });

    test("gives what came before an error, then the error", async () => {
      let rowCount = 0;
      const reading = (async () => {
        for await (const batch of connected().get("scenario/broken")) rowCount += batch.numRows;
      })();
      await expect(reading).rejects.toMatchObject({ code: "data_loss", message: "the second batch is lost" });
      expect(rowCount).toBe(1);
    });

    test("can be iterated again", async () => {
      await connected().put("twice", tableFromArrays({ n: Int32Array.of(1, 2) }));
      const batches = connected().get("twice");
      expect((await batches.table()).numRows).toBe(2);
      expect((await batches.table()).numRows).toBe(2);
    });
  });

  test(`${pausedGetCount} gets that nobody reads on leave room for eight puts at once`, async () => {
    const paused = Array.from({ length: pausedGetCount }, () =>
      connected().get("scenario/endless")[Symbol.asyncIterator](),
    );
    await Promise.all(paused.map((batches) => batches.next()));
    const table = tableFromArrays({ n: Float64Array.from({ length: 300_000 }, (_, i) => i) });
    const names = Array.from({ length: 8 }, (_, i) => `crowd/${i}`);
    await Promise.all(names.map((name) => connected().put(name, table)));
    expect((await collect(connected().list("crowd/*"))).map(({ rowCount }) => rowCount)).toEqual(
      names.map(() => table.numRows),
    );
    await Promise.all(paused.map((batches) => batches.return(undefined)));
    await expectNothingOpen(connected());
  });

  test("the catalog lists page by page, describes and drops", async () => {
    const { datasets } = connected();
    for (const name of ["pages/c", "pages/a", "pages/b"]) {
      await connected().put(name, tableFromArrays({ n: Int32Array.of(1) }));
    }
    const listed = await collect(datasets.list("pages/*", { pageSize: 2 }));
    expect(listed.map(({ name, rows }) => [name, rows])).toEqual([
      ["pages/a", 1n],
      ["pages/b", 1n],
      ["pages/c", 1n],
    ]);
    expect((await datasets.get("pages/a")).schema?.fields.map(({ name, type }) => [name, type])).toEqual([
      ["n", "int32"],
    ]);
    await datasets.drop("pages/a");
    await expect(datasets.get("pages/a")).rejects.toMatchObject({ name: "FlightError", code: "not_found" });
  });
}

/** What a server does with the commands of `put` and `get`: modes, columns and rows. */
export function describeCommands(connected: () => DatasetClient): void {
  test("a put can refuse to replace, or replace", async () => {
    const client = connected();
    await client.put("once", tableFromArrays({ n: Int32Array.of(1) }), { mode: "create" });
    const again = client.put("once", tableFromArrays({ n: Int32Array.of(2) }), { mode: "create" });
    await expect(again).rejects.toMatchObject({ name: "FlightError", code: "already_exists" });
    expect(contentOf(await client.get("once").table())).toEqual([{ n: 1 }]);
    await client.put("once", tableFromArrays({ n: Int32Array.of(3) }), { mode: "replace" });
    expect(contentOf(await client.get("once").table())).toEqual([{ n: 3 }]);
  });

  test("a put can declare its rows, and is refused where its source ends early", async () => {
    const client = connected();
    const table = new Table([0, 1, 2].map((n) => batchOf({ n: vectorFromArray([n], new Int32()) })));
    expect(await client.put("declared", table, { rowCount: 3 })).toMatchObject({ rowCount: 3 });
    const early = client.put("declared", table.batches.slice(0, 2), { rowCount: 3, mode: "replace" });
    await expect(early).rejects.toMatchObject({
      name: "FlightError",
      code: "invalid_argument",
      message: expect.stringContaining("declares 3 rows, but 2 came"),
    });
    expect(contentOf(await client.get("declared").table())).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  test("a get can ask for columns and rows, of several endpoints", async () => {
    const n = Int32Array.from({ length: 1000 }, (_, i) => i);
    await connected().put("part", tableFromArrays({ n, twice: n.map((each) => each * 2), text: [...n].map(String) }));
    const part = await connected()
      .get("part", { columns: ["twice"], offset: 100, limit: 500, endpoints: 3 })
      .table();
    expect(part.schema.names).toEqual(["twice"]);
    const expected = Array.from({ length: 500 }, (_, i) => (100 + i) * 2);
    expect([...(part.getChild("twice")!.toArray() as Int32Array)]).toEqual(expected);
    const refused = connected()
      .get("part", { columns: ["absent"] })
      .table();
    await expect(refused).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("absent"),
    });
  });
}

/** What the client does with datasets as files, against a server that has them. */
export function describeFiles(connected: () => DatasetClient): void {
  test("a file can be put with the rows that it must have", async () => {
    const client = connected();
    await client.put("three.parquet", tableFromArrays({ n: Int32Array.of(1, 2, 3) }));
    const file = await (await fetch(client.url("three.parquet", { format: "parquet" }))).blob();
    const stream = new Blob([new Uint8Array(tableToIPC(tableFromArrays({ n: Int32Array.of(1, 2, 3) }), "stream"))]);
    for (const each of [file, stream]) {
      await client.put("declared.parquet", each, { rowCount: 3 });
      await expect(client.put("declared.parquet", each, { rowCount: 4 })).rejects.toMatchObject({
        code: "invalid_argument",
        message: expect.stringContaining("declares 4 rows, but 3 came"),
      });
    }
  });

  test("a file is put as it lies, with its progress, and fetched by its URL", async () => {
    const client = connected();
    const n = Int32Array.from({ length: 50_000 }, (_, i) => i);
    await client.put("folder/a b.parquet", tableFromArrays({ n, "odd, name": [...n].map(String) }));
    const file = await (await fetch(client.url("folder/a b.parquet", { format: "parquet" }))).blob();
    const seen: Progress[] = [];
    let tag: string | null = null;
    const put = await client.put("copy.parquet", file, {
      mode: "create",
      onHeader: (header) => (tag = header.get("etag")),
      onProgress: (progress) => seen.push(progress),
    });
    expect(put).toEqual({ rowCount: 0, byteLength: file.size });
    expect(seen.at(-1)).toEqual(put);
    expect(tag).toMatch(/^"\w+"$/);
    const copy = await (await fetch(client.url("copy.parquet", { format: "parquet" }))).bytes();
    expect(copy).toEqual(new Uint8Array(await file.arrayBuffer()));
    expect(await client.info("copy.parquet")).toMatchObject({ rowCount: n.length });
    const part = {
      columns: ["odd, name"],
      filter: [{ column: "n", op: ">=", value: 10 }],
      offset: 5,
      limit: 2,
    } as const;
    const rows = await (await fetch(client.url("copy.parquet", { format: "ndjson", ...part }))).text();
    expect(rows).toBe('{"odd, name":"15"}\n{"odd, name":"16"}\n');
    const again = client.put("copy.parquet", file, { mode: "create" });
    await expect(again).rejects.toMatchObject({ name: "FlightError", code: "already_exists" });
  });

  test("what is no file is refused, and an upload that is cancelled is none", async () => {
    const client = connected();
    const wrong = client.put("wrong", new Blob(["id,city\n1,Lima\n"]));
    await expect(wrong).rejects.toMatchObject({ name: "FlightError", code: "invalid_argument" });
    const cancelled = client.put("wrong", new Blob(["PAR1"]), { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ name: "FlightError", code: "cancelled" });
    await expect(client.info("wrong")).rejects.toMatchObject({ code: "not_found" });
  });
}

/** Batches whose dictionaries differ, lists of structs, and nulls at every level. */
function createMixedTable(): Table {
  const item = new Struct([new Field("x", new Int32(), true), new Field("y", new Utf8(), true)]);
  const words = new Dictionary(new Utf8(), new Int32(), 7);
  const lists = new List(new Field("item", item, true));
  const parts = [0, 1].map((part) =>
    batchOf({
      word: vectorFromArray([`a${part}`, null, `b${part}`, `a${part}`], words),
      points: vectorFromArray([[{ x: part, y: "p" }, null], null, [], [{ x: null, y: null }]], lists),
      flag: vectorFromArray([true, null, false, part === 0], new Bool()),
      at: vectorFromArray([0, 1_700_000_000_000, null, -1], new TimestampMicrosecond()),
    }),
  );
  return new Table(parts);
}

function batchOf(columns: Record<string, Vector>): RecordBatch {
  return new Table(columns).batches[0]!;
}

/** The rows as plain values. */
function contentOf(table: Table): object[] {
  const toPlain = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}n` : value);
  return table.toArray().map((row) => JSON.parse(JSON.stringify(row, toPlain)) as object);
}

async function* streamOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

/** What `ReadableStream.from` gives, which not every browser has. */
function readableOf<T>(items: Iterable<T>): ReadableStream<T> {
  const iterator = items[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}
