import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DatasetClient } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { startRecipe, type TestServer } from "../support/server.ts";
import { collect } from "./flight-suite.ts";

describe("the client in Node, against pyarrow's own server", () => {
  let server: TestServer;
  let client: DatasetClient;

  beforeAll(async () => {
    server = await startRecipe();
    client = connect(server.location);
  });
  afterAll(async () => {
    client.close();
    await server[Symbol.asyncDispose]();
  });

  test("puts, describes, gets, lists and drops", async () => {
    const table = tableFromArrays({ Character: ["Mario", "Luigi", "Peach"], n: Int32Array.of(1, 2, 3) });
    await client.put("uploaded.parquet", table);
    const info = await client.info("uploaded.parquet");
    expect([info.name, info.rowCount, info.schema.names]).toEqual(["uploaded.parquet", 3, ["Character", "n"]]);
    expect((await client.schema("uploaded.parquet")).names).toEqual(["Character", "n"]);
    expect(String(await client.get("uploaded.parquet").table())).toBe(String(table));
    expect((await collect(client.list())).map(({ name }) => name)).toEqual(["uploaded.parquet"]);
    expect((await collect(client.flight.listActions())).map(({ type }) => type)).toEqual(["drop_dataset"]);
    await client.drop("uploaded.parquet");
    expect(await collect(client.list())).toEqual([]);
  });

  test("gives its errors as FlightErrors with its words", async () => {
    const message = expect.stringContaining("No such file");
    await expect(client.info("missing")).rejects.toMatchObject({ name: "FlightError", message });
    await expect(collect(client.datasets.list())).rejects.toMatchObject({ code: "unimplemented" });
  });
});
