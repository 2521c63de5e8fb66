import { setTimeout } from "node:timers/promises";
import { Int64, Table, tableFromArrays, Utf8, vectorFromArray } from "apache-arrow";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { encodeCommand, type FlightCommand } from "../../src/dataset/index.ts";
import { createCommandDescriptor, createPathDescriptor, type FlightFrame } from "../../src/flight/index.ts";
import type { Storage, StoredFile } from "../../src/storage/index.ts";
import { createDatasetStore, type DatasetStore } from "../../src/store/index.ts";
import type { TestStorage } from "../support/storages.ts";
import { openTestStore, serveStore, type StoreServer } from "../support/test-store.ts";
import { createTestContext } from "./call-context.ts";
import { collect, drop, failureOf, get, list, put, ticketOf } from "./calls.ts";
import { toRows } from "./tables.ts";

const int = (values: readonly number[]) => vectorFromArray(values.map(BigInt), new Int64());
const numbers = (...values: number[]): Table => new Table({ n: int(values) });

/** What a store does with a pattern: it reads a folder of datasets as one, over every storage. */
export function describeFolderContract(subject: string, openStorage: () => Promise<TestStorage>): void {
  describe(`${subject} reads folders`, () => {
    let opened: string[] = [];
    let server: StoreServer;
    let store: DatasetStore;
    let url: string;
    const openWatched = async (): Promise<TestStorage> => {
      const { storage, ...rest } = await openStorage();
      return { storage: watched(storage, (name) => opened.push(name)), ...rest };
    };
    beforeAll(async () => {
      server = await serveStore(await openTestStore({ openStorage: openWatched }));
      ({ store, url } = server);
    });
    afterAll(() => server[Symbol.asyncDispose]());
    beforeEach(async () => {
      for (const name of await list(store)) await drop(store, name);
      await putAll({ "s/b": [3], "s/a": [1, 2], "s/c/d": [4], t: [9] });
      opened = [];
    });

    const putAll = async (datasets: Readonly<Record<string, readonly number[]>>): Promise<void> => {
      for (const [name, values] of Object.entries(datasets)) await put(store, name.split("/"), numbers(...values));
    };
    /** Waits until a change has a later time in every storage: buckets have whole seconds. */
    const nextSecond = async (): Promise<void> => {
      const second = Math.floor(Date.now() / 1000);
      while (Math.floor(Date.now() / 1000) === second) await setTimeout(20);
    };
    const rowsOf = async (name: string): Promise<object[]> => toRows(await get(store, name)).rows;
    const numbersOf = async (name: string): Promise<number[]> =>
      (await rowsOf(name)).map((row) => Number((row as { n: bigint }).n));
    const infoOf = async (command: FlightCommand) =>
      await store.getFlightInfo!(createTestContext(), createCommandDescriptor(encodeCommand(command)));
    const readTicket = async (ticket: Uint8Array | undefined): Promise<FlightFrame[]> =>
      await collect(store.doGet!(createTestContext(), ticketOf(new Uint8Array(ticket!))));
    const select = async (command: FlightCommand): Promise<object[]> => {
      const { endpoint = [] } = await infoOf(command);
      const parts = await Promise.all(endpoint.map(({ ticket }) => readTicket(ticket?.ticket)));
      return parts.flatMap((frames) => toRows(frames).rows);
    };

    test("a pattern has the rows of all that match, in the order of their names", async () => {
      expect(await numbersOf("s/**")).toEqual([1, 2, 3, 4]);
      expect(await numbersOf("s/*")).toEqual([1, 2, 3]);
      expect(await numbersOf("**")).toEqual([1, 2, 3, 4, 9]);
      expect(await numbersOf("s/{a,c/*}")).toEqual([1, 2, 4]);
      const info = await store.getFlightInfo!(createTestContext(), createPathDescriptor(["s", "**"]));
      expect([info.totalRecords, info.endpoint?.length]).toEqual([4n, 1]);
      const described = await store.getDataset(createTestContext(), "s/**");
      expect([described.summary.rowCount, described.summary.name]).toEqual([4n, "s/**"]);
    });

    test("a pattern that matches nothing is NOT_FOUND by its name", async () => {
      expect(await failureOf(get(store, "x/**"))).toEqual({
        code: "not_found",
        message: 'there is no dataset "x/**"',
      });
    });

    test("a pattern is only read", async () => {
      for (const call of [() => put(store, ["s", "*"], numbers(1)), () => drop(store, "s/*")]) {
        expect(await failureOf(call())).toEqual({
          code: "invalid_argument",
          message: '"s/*" is a pattern, which can only be read; write the name of one dataset, without "*"',
        });
      }
      expect((await fetch(`${url}/s/*`, { method: "DELETE" })).status).toBe(400);
      expect(await list(store)).toEqual(["s/a", "s/b", "s/c/d", "t"]);
    });

    test("columns are matched by name, and missing ones are null", async () => {
      await put(store, ["s", "b"], new Table({ word: vectorFromArray(["x"], new Utf8()), n: int([3]) }));
      await put(store, ["s", "c", "d"], new Table({ word: vectorFromArray(["y"], new Utf8()) }));
      expect(await rowsOf("s/**")).toEqual([
        { n: 1n, word: null },
        { n: 2n, word: null },
        { n: 3n, word: "x" },
        { n: null, word: "y" },
      ]);
      const part = { dataset: "s/**", columns: ["word"], filter: "n is null or n > 2" };
      expect(await select(part)).toEqual([{ word: "x" }, { word: "y" }]);
    });

    test("a column of several types is refused, with both files and types", async () => {
      await put(store, ["s", "b"], tableFromArrays({ n: Float64Array.of(1) }));
      expect(await failureOf(get(store, "s/**"))).toEqual({
        code: "invalid_argument",
        message: expect.stringContaining('column "n" is int64 in "s/a" and double in "s/b"'),
      });
    });

    test("partition folders are columns, and a file is opened only if its partition may match", async () => {
      await putAll({ "p/year=2025/a": [1], "p/year=2026/b": [2], "p/year=2026/c": [3] });
      expect(await rowsOf("p/**")).toEqual([
        { n: 1n, year: 2025n },
        { n: 2n, year: 2026n },
        { n: 3n, year: 2026n },
      ]);
      opened = [];
      expect(await select({ dataset: "p/**", filter: "year = 2026", columns: ["n"] })).toEqual([{ n: 2n }, { n: 3n }]);
      expect(opened).toEqual(["p/year=2026/b", "p/year=2026/c"]);
      opened = [];
      expect(await select({ dataset: "p/**", columns: ["year"] })).toHaveLength(3);
      expect(await select({ dataset: "p/**", filter: "year < 2000" })).toEqual([]);
      expect(opened).toEqual([]);
    });

    test("a read whose filter excludes files sees every change of the others, and every put of this server", async () => {
      await putAll({ "p/year=2025/a": [1], "p/year=2026/b": [2] });
      const command = { dataset: "p/**", filter: "year = 2026" };
      expect(await select(command)).toEqual([{ n: 2n, year: 2026n }]);
      const other = createDatasetStore(server);
      await put(other, ["p", "year=2026", "b"], numbers(20));
      expect(await select(command)).toEqual([{ n: 20n, year: 2026n }]);
      await put(store, ["p", "year=2025", "a"], new Table({ word: vectorFromArray(["x"], new Utf8()) }));
      expect(await select(command)).toEqual([{ word: null, n: 20n, year: 2026n }]);
      await drop(store, "p/year=2025/a");
      expect(await select(command)).toEqual([{ n: 20n, year: 2026n }]);
    });

    test("files with different partition folders are refused, and both are named", async () => {
      await putAll({ "p/year=2025/a": [1], "p/city=Lima/a": [2] });
      const { code, message } = await failureOf(get(store, "p/**"));
      expect([code, message]).toEqual([
        "invalid_argument",
        expect.stringMatching(/"p\/city=Lima\/a".*"p\/year=2025\/a"/),
      ]);
    });

    test("offset, limit and endpoints count over all files, and open only theirs", async () => {
      expect(await select({ dataset: "s/**", offset: 1, limit: 2, endpoints: 2 })).toEqual([{ n: 2n }, { n: 3n }]);
      opened = [];
      expect(await select({ dataset: "s/**", offset: 3 })).toEqual([{ n: 4n }]);
      expect(opened).toEqual(["s/c/d"]);
      expect(await select({ dataset: "s/**", filter: "n > 1", offset: 1, limit: 1 })).toEqual([{ n: 3n }]);
    });

    test("each file has an endpoint if the command says so, except those without rows of the part", async () => {
      await putAll({ "p/year=2025/a": [1, 2], "p/year=2026/b": [3], "p/year=2026/c": [], "p/year=2026/d": [4, 5] });
      await put(store, ["p", "year=2026", "d"], new Table({ word: vectorFromArray(["x", "y"], new Utf8()) }));
      const partsOf = async (part: Omit<FlightCommand, "dataset" | "endpoints">, dataset = "p/**") => {
        const { endpoint } = await infoOf({ dataset, endpoints: "files", ...part });
        return await Promise.all(endpoint!.map(async ({ ticket }) => toRows(await readTicket(ticket?.ticket)).rows));
      };
      const a = [1n, 2n].map((n) => ({ n, word: null, year: 2025n }));
      const b = [{ n: 3n, word: null, year: 2026n }];
      const d = ["x", "y"].map((word) => ({ n: null, word, year: 2026n }));
      expect(await partsOf({})).toEqual([a, b, d]);
      expect(await rowsOf("p/**")).toEqual([...a, ...b, ...d]);
      expect(await partsOf({ filter: "year = 2026" })).toEqual([b, d]);
      expect(await partsOf({ filter: "year = 2026 and n > 3", columns: ["n"] })).toEqual([[]]);
      expect(await partsOf({ filter: "n <> 1" })).toEqual([a.slice(1), b]);
      expect(await partsOf({ filter: "year < 2000" })).toEqual([[]]);
      expect(await partsOf({ offset: 1, limit: 3 })).toEqual([a.slice(1), b, d.slice(0, 1)]);
      expect(await partsOf({ offset: 2, limit: 1, columns: ["year"] })).toEqual([[{ year: 2026n }]]);
      expect(await partsOf({ offset: 9 })).toEqual([[]]);
      expect(await partsOf({ limit: 1 }, "p/year=2025/a")).toEqual([[{ n: 1n }]]);
      opened = [];
      const { endpoint } = await infoOf({ dataset: "p/**", endpoints: "files" });
      expect(toRows(await readTicket(endpoint![1]!.ticket?.ticket)).rows).toEqual(b);
      expect(opened).toEqual(["p/year=2026/b"]);
    });

    test("a ticket of a part is for the files that it was made of", async () => {
      const { endpoint } = await infoOf({ dataset: "s/*", columns: ["n"] });
      const ticket = endpoint![0]!.ticket!.ticket;
      // Added files change nothing, wherever their names are.
      await putAll({ "s/z": [5] });
      expect(toRows(await readTicket(ticket)).rows).toEqual([{ n: 1n }, { n: 2n }, { n: 3n }]);
      await nextSecond();
      await putAll({ "s/aa": [6] });
      expect(toRows(await readTicket(ticket)).rows).toEqual([{ n: 1n }, { n: 2n }, { n: 3n }]);
      await putAll({ "s/b": [7] });
      expect((await failureOf(readTicket(ticket))).code).toBe("failed_precondition");
    });

    test("a read whose next file is replaced or dropped is ABORTED", async () => {
      await putAll(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`many/${i}`, [i]])));
      for (const change of [() => putAll({ "many/7": [70] }), () => drop(store, "many/7")]) {
        const frames = store.doGet!(createTestContext(), ticketOf("many/**"))[Symbol.asyncIterator]();
        await frames.next();
        await frames.next();
        await change();
        const { code, message } = await failureOf(collect({ [Symbol.asyncIterator]: () => frames }));
        expect([code, message]).toEqual(["aborted", expect.stringContaining('"many/7"')]);
      }
    });

    test("files that start with _ are no data", async () => {
      await putAll({ "s/_SUCCESS": [7], "s/_tmp/a": [8] });
      expect(await numbersOf("s/**")).toEqual([1, 2, 3, 4]);
    });

    test("a folder is answered over HTTP in every format that needs no file", async () => {
      const text = async (query: string): Promise<string> => await (await fetch(`${url}/s/**${query}`)).text();
      expect(await text("?format=csv")).toBe("n\n1\n2\n3\n4\n");
      expect(await text("?format=json&filter=n>2")).toBe('[\n{"n":"3"},\n{"n":"4"}\n]\n');
      expect((await fetch(`${url}/s/**`)).headers.get("content-type")).toBe("application/x-ndjson");
      const parquet = await (await fetch(`${url}/s/**?format=parquet`)).bytes();
      await fetch(`${url}/copy`, { method: "PUT", body: parquet });
      expect(await numbersOf("copy")).toEqual([1, 2, 3, 4]);
    });
  });
}

/** A storage that tells of each file that is opened. */
function watched(storage: Storage, onOpen: (name: string) => void): Storage {
  const open = async (name: Parameters<Storage["open"]>[0]): Promise<StoredFile> => {
    const file = await storage.open(name);
    onOpen(name);
    return file;
  };
  return new Proxy(storage, {
    get(target, key) {
      if (key === "open") return open;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
