import { DataType, Int32, RecordBatch, Table, tableFromArrays, tableToIPC, vectorFromArray } from "apache-arrow";
import * as secondCopy from "apache-arrow-copy";
import { afterEach, describe, expect, test } from "vitest";
import { batchBodyBytesTarget } from "../../src/flight/index.ts";
import type { DatasetClient, Progress, TableData } from "../../src/client/index.ts";
import { collect, expectNothingOpen } from "./flight-suite.ts";
import { batchOf, contentOf, createMixedTable, readableOf, streamOf } from "./suite-tables.ts";

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
        message: '".hidden" cannot name a dataset: a segment starts with a dot',
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
