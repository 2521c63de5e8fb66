import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect as connectByFetch, type DatasetClient } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import type { StoreServer } from "../support/test-store.ts";
import { serveFiles } from "../support/serve-files.ts";

/** Options as plain JavaScript passes them, without a check by TypeScript. */
type Call = (client: DatasetClient, options: never) => unknown;

const table = tableFromArrays({ fare: Int32Array.of(1, 2, 3) });
const stream = async function* (): AsyncGenerator<never> {};

/** Methods with options, each with a misspelt option and the one that is meant. */
const methods: Record<string, readonly [misspelt: string, meant: string, call: Call]> = {
  get: ["colums", "columns", (client, options) => client.get("a", options).table()],
  sql: ["onprogress", "onProgress", (client, options) => client.sql("SELECT 1", options).table()],
  put: ["rowcount", "rowCount", (client, options) => client.put("b", table, options)],
  "put of a file": ["Mode", "mode", (client, options) => client.put("b", new Blob([]), options)],
  append: ["Id", "id", (client, options) => client.append("b", table, options)],
  compact: ["dryrun", "dryRun", (client, options) => client.compact("b", options)],
  file: ["fromat", "format", (client, options) => client.file("a", options)],
  url: ["limits", "limit", async (client, options) => client.url("a", options)],
  list: ["signl", "signal", (client, options) => Array.fromAsync(client.list("", options))],
  info: ["timeoutMS", "timeoutMs", (client, options) => client.info("a", options)],
  schema: ["header", "headers", (client, options) => client.schema("a", options)],
  drop: ["signals", "signal", (client, options) => client.drop("b", options)],
  "flight.doGet": [
    "timeoutMS",
    "timeoutMs",
    async ({ flight }, options) => await Array.fromAsync(flight.doGet({}, options)),
  ],
  "flight.doPut": [
    "onheader",
    "onHeader",
    async ({ flight }, options) => await Array.fromAsync(flight.doPut(stream(), options)),
  ],
  "flight.getSchema": ["onheader", "onHeader", ({ flight }, options) => flight.getSchema({}, options)],
  "flight.authenticateBasic": [
    "Headers",
    "headers",
    ({ flight }, options) => flight.authenticateBasic("ada", "secret", options),
  ],
  "datasets.list": ["pagesize", "pageSize", ({ datasets }, options) => Array.fromAsync(datasets.list("", options))],
  "datasets.get": ["statistic", "statistics", ({ datasets }, options) => datasets.get("a", options)],
  "datasets.previewRows": ["ofset", "offset", ({ datasets }, options) => datasets.previewRows("a", options)],
  "datasets.drop": ["signl", "signal", ({ datasets }, options) => datasets.drop("b", options)],
};

const wrongValues: readonly [name: string, value: unknown, message: string][] = [
  ["timeoutMs", "abc", "the option timeoutMs must be a number of milliseconds from 0 to 99999999"],
  ["timeoutMs", NaN, "the option timeoutMs must be a number of milliseconds from 0 to 99999999"],
  ["timeoutMs", -1, "the option timeoutMs must be a number of milliseconds from 0 to 99999999"],
  ["timeoutMs", Infinity, "the option timeoutMs must be a number of milliseconds from 0 to 99999999"],
  ["timeoutMs", null, "the option timeoutMs must be a number of milliseconds from 0 to 99999999"],
  ["signal", 5, "the option signal must be an AbortSignal"],
  ["signal", new AbortController(), "the option signal must be an AbortSignal"],
  ["headers", 5, "the option headers must be Headers, or names with the text of their values"],
  ["headers", { "a b": "c" }, "the option headers must be Headers, or names with the text of their values"],
  ["headers", { authorization: "☃" }, "the option headers must be Headers, or names with the text of their values"],
  ["onHeader", {}, "the option onHeader must be a function"],
];

describe.each([
  ["Node's client", connect],
  ["fetch", connectByFetch],
])("by %s", (_how, connectBy) => {
  let server: StoreServer;
  let client: DatasetClient;
  beforeAll(async () => {
    server = await serveFiles();
    client = connectBy(`http://127.0.0.1:${server.port}`);
    await client.put("a", table);
  });
  afterAll(async () => {
    client.close();
    await server[Symbol.asyncDispose]();
  });

  test.each(Object.entries(methods))("%s refuses a misspelt option", async (_method, [misspelt, meant, call]) => {
    const message = `there is no option "${misspelt}"; did you mean ${meant}?`;
    const result = (async () => await call(client, { [misspelt]: 1 } as never))();
    await expect(result).rejects.toMatchObject({ name: "FlightError", code: "invalid_argument", message });
  });

  test("an option that is like no other one is answered with a list", async () => {
    const message =
      'there is no option "where"; there are signal, timeoutMs, headers, onHeader, onTrailer, onProgress, columns, ' +
      "filter, offset, limit, endpoints";
    await expect(client.get("a", { where: "fare > 1" } as never).table()).rejects.toMatchObject({ message });
  });

  test.each(wrongValues)("%s: %s is refused by every method", async (name, value, message) => {
    for (const [method, [, , call]] of Object.entries(methods)) {
      if (method === "url") continue;
      const result = (async () => await call(client, { [name]: value } as never))();
      await expect(result, method).rejects.toMatchObject({ name: "FlightError", code: "invalid_argument", message });
    }
  });

  test("options that are no object are refused", async () => {
    for (const options of [null, 5]) {
      const rejected = { name: "FlightError", message: "the options must be an object" };
      await expect(client.get("a", options as never).table()).rejects.toMatchObject(rejected);
      await expect(client.info("a", options as never)).rejects.toMatchObject(rejected);
    }
  });

  test("what a call may have is accepted", async () => {
    const { signal } = new AbortController();
    const call = { signal, timeoutMs: 30_000.5, headers: { "x-a": "b" }, onHeader: () => {}, onTrailer: () => {} };
    const part = { columns: ["fare"], filter: "fare > 1", offset: 0, limit: 5 };
    const all = { ...call, ...part, endpoints: 1, onProgress: () => {} };
    expect((await client.get("a", all).table()).numRows).toBe(2);
    expect(await (await client.file("a", { ...call, ...part, format: "csv" })).text()).toContain("fare");
    expect(await client.info("a", call)).toMatchObject({ rowCount: 3 });
    expect((await client.schema("a", call)).fields).toHaveLength(1);
    expect((await client.datasets.previewRows("a", { ...call, ...part })).rows).toHaveLength(2);
    for (const mode of ["replace", "append"] as const) {
      expect(await client.put(`c-${mode}`, table, { ...call, mode, rowCount: 3, onProgress: () => {} })).toMatchObject({
        rowCount: 3,
      });
    }
    const none = { signal: null, timeoutMs: undefined, colums: undefined } as never;
    expect((await client.get("a", none).table()).numRows).toBe(3);
  });

  test("connect refuses a misspelt option, and headers that are none", () => {
    const url = "http://127.0.0.1:1";
    const refused = { name: "FlightError", code: "invalid_argument" };
    const make = (options: unknown) => () => connectBy(url, options as never);
    expect(make({ Token: "a" })).toThrowError(
      expect.objectContaining({ ...refused, message: 'there is no option "Token"; did you mean token?' }),
    );
    expect(make({ headers: 5 })).toThrowError(
      expect.objectContaining({
        ...refused,
        message: "the option headers must be Headers, or names with the text of their values",
      }),
    );
  });
});
