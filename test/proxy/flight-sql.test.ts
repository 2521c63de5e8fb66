import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { connect as connectByFetch, type DatasetClient } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { serveProxy, type TestProxy } from "../support/proxy.ts";
import { startGoServer, type GoServer } from "../support/start-go-server.ts";

/** Arrow's own example of a Flight SQL server: SQLite, with a table of integers. */
describe("a Flight SQL server", () => {
  let server: GoServer;
  let proxy: TestProxy;
  const clients: Record<string, () => DatasetClient> = {
    "from Node": () => connect(`grpc://localhost:${server.port}`),
    "from Node, through the proxy": () => connect(proxy.url),
    "by gRPC-Web, through the proxy": () => connectByFetch(proxy.url),
    "by Connect, through the proxy": () => connectByFetch(proxy.url, { protocol: "connect" }),
  };

  beforeAll(async () => {
    await ensureGoTool("sqlite_flightsql_server");
    server = await startGoServer("sqlite_flightsql_server");
    proxy = await serveProxy({ upstream: `grpc://localhost:${server.port}` });
  }, 900_000);
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test.each(Object.entries(clients))("answers a query %s", async (_title, connectBy) => {
    const client = connectBy();
    const table = await client.sql("SELECT keyName, value FROM intTable WHERE value IS NOT NULL ORDER BY id").table();
    expect(table.schema.names).toEqual(["keyName", "value"]);
    expect(table.toArray().map((row) => row?.toJSON())).toEqual([
      { keyName: "one", value: 1n },
      { keyName: "zero", value: 0n },
      { keyName: "negative one", value: -1n },
    ]);
    const wrong = client.sql("SELECT x FROM nowhere").table();
    await expect(wrong).rejects.toMatchObject({
      name: "FlightError",
      message: expect.stringContaining("no such table: nowhere") as string,
    });
    client.close();
  });
});
