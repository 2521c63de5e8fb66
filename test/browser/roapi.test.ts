import { afterAll, beforeAll, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { connect, type DatasetClient } from "../../src/client/index.ts";

/** A page asks ROAPI, a server of another project that speaks gRPC alone, through the proxy. */

let url: string;
let client: DatasetClient;
beforeAll(async () => {
  url = await commands.startProxied("roapi");
  client = connect(url);
}, 600_000);
afterAll(() => commands.stopProxied(url));

test("rows of a query", async () => {
  const table = await client.sql("SELECT id, city, fare, at FROM trips ORDER BY id").table();
  expect(table.toArray().map((row) => row.toJSON())).toEqual([
    { id: 1n, city: "Lima", fare: 12.5, at: Date.UTC(2026, 0, 1, 8) },
    { id: 2n, city: "Oslo", fare: null, at: Date.UTC(2026, 0, 2, 9, 30) },
    { id: 3n, city: "Łódź", fare: 7.25, at: Date.UTC(2026, 0, 3, 10) },
  ]);
});

test("an aggregate, and many rows", async () => {
  const sums = await client.sql("SELECT count(*) AS n, sum(fare) AS total FROM trips").table();
  expect(sums.get(0)?.toJSON()).toEqual({ n: 3n, total: 19.75 });
  const many = await client.sql("SELECT a.value AS n FROM generate_series(1, 300000) a").table();
  expect(many.numRows).toBe(300_000);
});

test("the server's own words where a query is wrong", async () => {
  await expect(client.sql("SELECT nothing FROM trips").table()).rejects.toThrow(/nothing/);
});
