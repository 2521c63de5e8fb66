import { tableToIPC, type Table } from "apache-arrow";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { encodeCommand, parseDatasetName, type FlightCommand } from "../../src/dataset/index.ts";
import { createCommandDescriptor, FlightError, type FlightFrame } from "../../src/flight/index.ts";
import type { DatasetStore } from "../../src/store/index.ts";
import type { TestStorage } from "../support/storages.ts";
import { openTestStore, serveStore, type StoreServer } from "../support/test-store.ts";
import { createTestContext } from "./call-context.ts";
import { collect, drop, get, list, put, ticketOf } from "./calls.ts";
import { contentOf, createTable, toRows } from "./tables.ts";

/** A storage to run a store over. */
export interface StorageOfStore {
  openStorage(): Promise<TestStorage>;
  /** Whether a reader keeps the version that it opened when it is replaced; undefined where it depends on what it has read. */
  readonly keepsReplaced: boolean | undefined;
}

/** What a store of datasets does over every storage, beside the contract of producers. */
export function describeStoreContract(subject: string, { openStorage, keepsReplaced }: StorageOfStore): void {
  describe(`${subject} keeps the contract of stores`, () => {
    let server: StoreServer;
    let store: DatasetStore;
    let url: string;
    beforeAll(async () => {
      server = await serveStore(await openTestStore({ openStorage }));
      ({ store, url } = server);
    });
    afterAll(() => server[Symbol.asyncDispose]());
    beforeEach(async () => {
      for (const name of await list(store)) await drop(store, name);
    });

    /** The rows of a flight, endpoint after endpoint, and how many of these there are. */
    async function select(command: FlightCommand) {
      const descriptor = createCommandDescriptor(encodeCommand(command));
      const { endpoint = [] } = await store.getFlightInfo!(createTestContext(), descriptor);
      const parts = [];
      for (const { ticket } of endpoint) {
        const bytes = new Uint8Array(ticket!.ticket!);
        parts.push(toRows(await collect(store.doGet!(createTestContext(), ticketOf(bytes)))).rows);
      }
      return { rows: parts.flat(), endpointCount: parts.length };
    }

    test("a dataset's parts are columns and rows, from several endpoints", async () => {
      const table = createTable(1, { batchCount: 3, rowCountPerBatch: 50 });
      await put(store, ["a"], table);
      const { rows } = contentOf(table);
      expect((await select({ dataset: "a" })).rows).toEqual(rows);
      const part = await select({ dataset: "a", columns: ["label"], offset: 40, limit: 70, endpoints: 3 });
      const labels = (rows as { label: string }[]).map(({ label }) => ({ label }));
      expect(part).toEqual({ rows: labels.slice(40, 110), endpointCount: 3 });
    });

    test("a filter selects rows, and pages of them", async () => {
      const table = createTable(1, { batchCount: 3, rowCountPerBatch: 50 });
      await put(store, ["a"], table);
      const rows = contentOf(table).rows as { even: boolean; id: bigint }[];
      const meant = rows.filter(({ even, id }) => even && id >= 1_000_100n);
      const filter = [
        { column: "even", op: "=", value: true },
        { column: "id", op: ">=", value: 1_000_100 },
      ] as const;
      expect((await select({ dataset: "a", filter })).rows).toEqual(meant);
      expect((await select({ dataset: "a", filter, offset: 3, limit: 5 })).rows).toEqual(meant.slice(3, 8));
    });

    test("a file that is put is kept byte for byte, and read in ranges, as rows and in other formats", async () => {
      const table = createTable(2);
      const stream = new Uint8Array(tableToIPC(table, "stream"));
      expect((await fetch(`${url}/s`, { method: "PUT", body: stream })).status).toBe(201);
      const bytes = await (await fetch(`${url}/s`)).bytes();
      expect((await fetch(`${url}/copy`, { method: "PUT", body: bytes })).status).toBe(201);
      expect(await (await fetch(`${url}/copy`)).bytes()).toEqual(bytes);
      const range = await fetch(`${url}/copy`, { headers: { range: "bytes=4-19" } });
      expect([range.status, await range.bytes()]).toEqual([206, bytes.subarray(4, 20)]);
      expect(toRows(await get(store, "copy"))).toEqual(contentOf(table));
      expect(await (await fetch(`${url}/copy?format=ndjson&columns=label&limit=1`)).text()).toBe(
        '{"label":"row 0 of 2"}\n',
      );
      // Written to a scratch file, which is read from then.
      const part = await (await fetch(`${url}/copy?format=parquet&columns=label&limit=2`)).bytes();
      expect(new TextDecoder().decode(part.subarray(0, 4))).toBe("PAR1");
      const broken = await fetch(`${url}/copy`, { method: "PUT", body: bytes.subarray(0, bytes.byteLength / 2) });
      expect([broken.status, (await fetch(`${url}/copy`)).status]).toEqual([400, 200]);
    });

    test("a file is replaced and deleted in the version that is meant, and in no other", async () => {
      const bodyOf = (seed: number) => new Uint8Array(tableToIPC(createTable(seed), "stream"));
      const change = async (method: string, headers: Record<string, string>, seed = 0) =>
        await fetch(`${url}/a`, { method, headers, ...(method === "PUT" && { body: bodyOf(seed) }) });
      const first = (await change("PUT", { "if-none-match": "*" }, 1)).headers.get("etag")!;
      expect((await change("PUT", { "if-none-match": "*" }, 2)).status).toBe(412);
      const second = (await change("PUT", { "if-match": first }, 3)).headers.get("etag")!;
      expect(second).not.toBe(first);
      expect((await change("PUT", { "if-match": first }, 4)).status).toBe(412);
      expect((await change("DELETE", { "if-match": first })).status).toBe(412);
      expect(toRows(await get(store, "a"))).toEqual(contentOf(createTable(3)));
      expect((await change("DELETE", { "if-match": second })).status).toBe(204);
    });

    test("a get of a dataset that is replaced has the rows of one version, or is ABORTED", async () => {
      await put(store, ["a"], createTable(1));
      await get(store, "a");
      const [other, otherColumns] = [createTable(2), createTable(3).select(["id"])];
      // No batch has been sent, so that the read may go on with a new version of the same schema.
      for (const [change, after] of [
        [() => put(store, ["a"], other), other],
        [() => put(store, ["a"], otherColumns), undefined],
        [() => drop(store, "a"), undefined],
      ] as const) {
        const before = await rowsNow();
        const frames = store.doGet!(createTestContext(), ticketOf("a"))[Symbol.asyncIterator]();
        const schema = await frames.next();
        await change();
        try {
          const rest = await collect({ [Symbol.asyncIterator]: () => frames });
          const { rows } = toRows([schema.value as FlightFrame, ...rest]);
          const expected = [...(keepsReplaced === false ? [] : [before]), ...(after ? [contentOf(after).rows] : [])];
          expect(expected).toContainEqual(rows);
          if (keepsReplaced === true) expect(rows).toEqual(before);
        } catch (reason) {
          if (!(reason instanceof FlightError)) throw reason;
          expect([keepsReplaced === true, reason.code, reason.message]).toEqual([
            false,
            "aborted",
            expect.stringContaining('"a"'),
          ]);
        }
      }
      expect(await list(store)).toEqual([]);
    });

    const rowsNow = async (): Promise<object[]> => toRows(await get(store, "a")).rows;

    test("a download of a file that is replaced has the bytes of its version, or is ABORTED", async () => {
      const table: Table = createTable(1);
      await put(store, ["a"], table);
      const before = await (await fetch(`${url}/a`)).bytes();
      const file = await store.files.openFile(createTestContext(), parseDatasetName("a"));
      await put(store, ["a"], createTable(2));
      try {
        const chunks = await Array.fromAsync(file.readBytes(0, file.byteLength), (chunk) => chunk.slice());
        expect(keepsReplaced).not.toBe(false);
        expect(Buffer.concat(chunks).equals(before)).toBe(true);
      } catch (reason) {
        if (!(reason instanceof FlightError)) throw reason;
        expect([keepsReplaced === true, reason.code]).toEqual([false, "aborted"]);
      } finally {
        await file.close();
      }
    });
  });
}
