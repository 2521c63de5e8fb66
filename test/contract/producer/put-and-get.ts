import { expect, test } from "vitest";
import type { FlightFrame } from "../../../src/flight/index.ts";
import { messageKind } from "../../../src/arrow/index.ts";
import type { FlightProducer } from "../../../src/producer/index.ts";
import { createTestContext } from "../call-context.ts";
import { collect, drop, get, list, put, putFrames, ticketOf } from "../calls.ts";
import { contentOf, createTable, toPutFrames, toRows } from "../tables.ts";

/** What is put, and what a get of it returns. */
export function describePutAndGet(subject: () => FlightProducer, keepsReplaced: boolean): void {
  test("what is put comes back, the schema first", async () => {
    const table = createTable(1);
    await put(subject(), ["uploaded.parquet"], table);
    const frames = await get(subject(), "uploaded.parquet");
    expect(frames.map(({ header }) => messageKind(header)).indexOf("schema")).toBe(0);
    expect(toRows(frames)).toEqual(contentOf(table));
  });

  test("a dataset of no rows comes back with its schema", async () => {
    const table = createTable(1);
    const [schema] = toPutFrames(["empty"], table);
    await putFrames(subject(), [schema!]);
    expect(toRows(await get(subject(), "empty"))).toEqual({ columns: contentOf(table).columns, rows: [] });
  });

  test("the segments of a path make one name", async () => {
    const table = createTable(2);
    await put(subject(), ["2026", "november", "übung.parquet"], table);
    expect(toRows(await get(subject(), "2026/november/übung.parquet"))).toEqual(contentOf(table));
    expect(await list(subject())).toEqual(["2026/november/übung.parquet"]);
  });

  test("a put replaces what was there", async () => {
    await put(subject(), ["a"], createTable(1));
    await put(subject(), ["a"], createTable(2, { batchCount: 1 }));
    expect(toRows(await get(subject(), "a"))).toEqual(contentOf(createTable(2, { batchCount: 1 })));
    expect(await list(subject())).toEqual(["a"]);
  });

  test("a reader keeps what it began to read, through a replacement and a drop, or is told that it is gone", async () => {
    const table = createTable(1, { batchCount: 4, rowCountPerBatch: 20_000 });
    await put(subject(), ["a"], table);
    const reading = subject().doGet!(createTestContext(), ticketOf("a"))[Symbol.asyncIterator]();
    const first = await reading.next();
    await put(subject(), ["a"], createTable(2));
    await drop(subject(), "a");
    try {
      const rest = await collect({ [Symbol.asyncIterator]: () => reading });
      expect(toRows([first.value as FlightFrame, ...rest])).toEqual(contentOf(table));
    } catch (reason) {
      if (keepsReplaced) throw reason;
      expect(reason).toMatchObject({ code: "aborted" });
    }
  });

  test("of puts of one name at the same time, one is read as a whole", async () => {
    const tables = [1, 2, 3, 4].map((seed) => createTable(seed));
    await Promise.all(tables.map((table) => put(subject(), ["a"], table)));
    expect(tables.map(contentOf)).toContainEqual(toRows(await get(subject(), "a")));
  });
}
