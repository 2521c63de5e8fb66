import { rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Table } from "apache-arrow";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createCommandDescriptor, createPathDescriptor, type FlightFrame } from "../../../src/flight/index.ts";
import { decodeSchema, decodeSchemaMessage } from "../../../src/arrow/index.ts";
import { encodeCommand, type FlightCommand } from "../../../src/dataset/index.ts";
import { ParquetPool } from "../../../src/parquet/index.ts";
import type { DatasetStore } from "../../../src/store/index.ts";
import { openFolderStore } from "../../support/folder-store.ts";
import { createTestContext } from "../../contract/call-context.ts";
import { collect, drop, failureOf, list, put, ticketOf } from "../../contract/calls.ts";
import { contentOf, createTable, toRows } from "../../contract/tables.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../../support/folder.ts";

const pool = new ParquetPool({ workerCount: 1 });
const table = createTable(1, { batchCount: 5, rowCountPerBatch: 40 });
const commandOf = (command: FlightCommand) => createCommandDescriptor(encodeCommand(command));

let folder: TemporaryFolder;
let store: DatasetStore;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  store = await openFolderStore({ folder: folder.path, pool });
});
beforeEach(async () => {
  for (const name of await list(store)) await drop(store, name);
  await put(store, ["folder", "a"], table);
});
afterAll(async () => {
  await store.close();
  await pool.close();
  await folder[Symbol.asyncDispose]();
});

const infoOf = async (command: FlightCommand) => store.getFlightInfo!(createTestContext(), commandOf(command));

/** The tickets of a flight. */
async function ticketsOf(command: FlightCommand): Promise<Uint8Array[]> {
  const { endpoint } = await infoOf(command);
  return endpoint!.map(({ ticket }) => ticket!.ticket!);
}

const framesOf = (ticket: Uint8Array): Promise<FlightFrame[]> =>
  collect(store.doGet!(createTestContext(), ticketOf(new Uint8Array(ticket))));

/** The rows of all endpoints, in order. */
async function rowsOf(command: FlightCommand) {
  const parts = [];
  for (const ticket of await ticketsOf(command)) parts.push(toRows(await framesOf(ticket)));
  return { columns: parts[0]!.columns, rows: parts.flatMap(({ rows }) => rows) };
}

function partOf(whole: Table, columns: readonly string[], offset: number, limit: number) {
  return contentOf(whole.select([...columns]).slice(offset, Math.min(whole.numRows, offset + limit)));
}

describe("a partial flight", () => {
  test.each<[command: Omit<FlightCommand, "dataset">, columns: string[], offset: number, limit: number]>([
    [{}, ["id", "ratio", "label", "even"], 0, 200],
    [{ columns: ["label"] }, ["label"], 0, 200],
    [{ columns: ["even", "id"] }, ["id", "even"], 0, 200],
    [{ offset: 37, limit: 50 }, ["id", "ratio", "label", "even"], 37, 50],
    [{ offset: 190, limit: 50 }, ["id", "ratio", "label", "even"], 190, 10],
    [{ columns: ["ratio"], offset: 150 }, ["ratio"], 150, 50],
    [{ offset: 1e15, limit: 1e15 }, ["id", "ratio", "label", "even"], 200, 0],
    [{ limit: 0, endpoints: 3 }, ["id", "ratio", "label", "even"], 0, 0],
    [{ endpoints: 3 }, ["id", "ratio", "label", "even"], 0, 200],
    [{ columns: ["id"], offset: 7, limit: 150, endpoints: 64 }, ["id"], 7, 150],
    [{ limit: 2, endpoints: 5 }, ["id", "ratio", "label", "even"], 0, 2],
    [{ columns: ["id"], offset: 7, endpoints: "files" }, ["id"], 7, 193],
  ])("%j has these columns and rows: %j, %i + %i", async (command, columns, offset, limit) => {
    const asked = { dataset: "folder/a", ...command };
    expect(await rowsOf(asked)).toEqual(partOf(table, columns, offset, limit));
    const info = await infoOf(asked);
    expect(info.totalRecords).toBe(BigInt(limit));
    expect(info.ordered).toBe(info.endpoint!.length > 1);
    expect(info.endpoint!.length).toBe(Math.max(1, Math.min(Number(command.endpoints ?? 1) || 1, limit)));
    expect(info.flightDescriptor).toEqual(commandOf(asked));
  });

  test("has one schema in info, schema, poll and the data", async () => {
    const descriptor = commandOf({ dataset: "folder/a", columns: ["even", "ratio"], endpoints: 2 });
    const info = await store.getFlightInfo!(createTestContext(), descriptor);
    const { schema } = await store.getSchema!(createTestContext(), descriptor);
    const poll = await store.pollFlightInfo!(createTestContext(), descriptor);
    expect(poll.info).toEqual(info);
    const headers = [info.schema, schema].map((message) => decodeSchemaMessage(message!));
    for (const { ticket } of info.endpoint!) headers.push((await framesOf(ticket!.ticket!))[0]!.header);
    expect(headers).toHaveLength(4);
    for (const header of headers) expect(header).toEqual(headers[0]);
    expect(decodeSchema(headers[0]!).fields.map(({ name }) => name)).toEqual(["ratio", "even"]);
  });

  test("says how many bytes only where they are known", async () => {
    const whole = await store.getFlightInfo!(createTestContext(), createPathDescriptor(["folder", "a"]));
    const bytesOf = async (command: Omit<FlightCommand, "dataset">) =>
      (await infoOf({ dataset: "folder/a", ...command })).totalBytes;
    expect(await bytesOf({ limit: 200, endpoints: 2 })).toBe(whole.totalBytes);
    for (const command of [{ columns: ["id"] }, { offset: 1 }, { limit: 199 }]) {
      expect(await bytesOf(command)).toBe(-1n);
    }
  });

  test.each([
    [
      { columns: ["id", "nope"] },
      `dataset "folder/a": the command's "columns" has "nope", which is not a column of the dataset`,
    ],
    [
      { columns: ["ID"] },
      `dataset "folder/a": the command's "columns" has "ID", which is not a column of the dataset; did you mean "id"?`,
    ],
    [{ columns: ["id", "id"] }, `the command's "columns" has "id" twice`],
    [{ endpoints: 0 }, `the command's "endpoints" must be a whole number from 1 to 64, or "files"`],
  ])("%j is INVALID_ARGUMENT", async (command, message) => {
    const descriptor = commandOf({ dataset: "folder/a", ...command });
    const calls = ["getFlightInfo", "getSchema", "pollFlightInfo"] as const;
    for (const call of calls) {
      const refusal = await failureOf(Promise.resolve(store[call]!(createTestContext(), descriptor)));
      expect(refusal).toEqual({ code: "invalid_argument", message });
    }
  });

  test("of a dataset that is missing is NOT_FOUND", async () => {
    expect(await failureOf(infoOf({ dataset: "b" }))).toEqual({
      code: "not_found",
      message: 'there is no dataset "b"',
    });
  });
});

describe("the ticket of a part", () => {
  test("is FAILED_PRECONDITION once the dataset was replaced, also by equal bytes, and NOT_FOUND once it was dropped", async () => {
    const [ticket] = await ticketsOf({ dataset: "folder/a", limit: 3 });
    await put(store, ["folder", "a"], table);
    expect(await failureOf(framesOf(ticket!))).toEqual({
      code: "failed_precondition",
      message: 'dataset "folder/a": it was replaced after the ticket was created; get its FlightInfo again',
    });
    expect(await rowsOf({ dataset: "folder/a", limit: 3 })).toMatchObject({ rows: { length: 3 } });
    await drop(store, "folder/a");
    expect((await failureOf(framesOf(ticket!))).code).toBe("not_found");
    await put(store, ["folder", "a"], table);
    expect((await failureOf(framesOf(ticket!))).code).toBe("failed_precondition");
  });

  test("is FAILED_PRECONDITION once another tool has replaced the file, or written it in place", async () => {
    const path = join(folder.path, "folder/a");
    const [ticket] = await ticketsOf({ dataset: "folder/a" });
    await put(store, ["folder", "b"], createTable(2, { batchCount: 5, rowCountPerBatch: 40 }));
    await rename(join(folder.path, "folder/b"), path);
    expect((await failureOf(framesOf(ticket!))).code).toBe("failed_precondition");
    const [next] = await ticketsOf({ dataset: "folder/a" });
    await utimes(path, 1, 1);
    expect((await failureOf(framesOf(next!))).code).toBe("failed_precondition");
    await writeFile(path, "no Parquet");
    expect((await failureOf(framesOf(next!))).code).toBe("data_loss");
  });

  test("is still good when other datasets come and go, and for a store that opens the folder later", async () => {
    const [ticket] = await ticketsOf({ dataset: "folder/a", columns: ["id"], offset: 199 });
    await put(store, ["folder", "b"], table);
    await drop(store, "folder/b");
    const later = await openFolderStore({ folder: folder.path, pool });
    const frames = await collect(later.doGet!(createTestContext(), ticketOf(new Uint8Array(ticket!))));
    expect(toRows(frames)).toEqual(partOf(table, ["id"], 199, 1));
    await later.close();
  });

  test("that was tampered with is refused, or asks for another part: it grants nothing", async () => {
    const [ticket] = await ticketsOf({ dataset: "folder/a", columns: ["id"], limit: 3 });
    const text = new TextDecoder().decode(ticket);
    const forged = (from: string, to: string) => framesOf(new TextEncoder().encode(text.replace(from, to)));
    expect(text).toContain('"limit":3');
    expect(toRows(await forged('"limit":3', '"limit":4')).rows).toHaveLength(4);
    expect((await failureOf(forged('"limit":3', '"limit":-3'))).code).toBe("invalid_argument");
    expect((await failureOf(forged('["id"]', '["nope"]'))).code).toBe("invalid_argument");
    expect((await failureOf(forged("folder/a", "../a"))).code).toBe("invalid_argument");
    expect((await failureOf(forged("folder/a", "folder/b"))).code).toBe("not_found");
  });
});
