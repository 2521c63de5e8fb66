import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { connect, type DatasetClient } from "../../src/client/index.ts";
import { describeCommands } from "../client/commands-suite.ts";
import { describeDatasets } from "../client/dataset-suite.ts";
import { collect, describeFlight } from "../client/flight-suite.ts";

test("a page does the recipe with pyarrow's own server, through the proxy", async () => {
  const url = await commands.startProxied("recipe");
  const client = connect(url);
  try {
    const table = tableFromArrays({ Character: ["Mario", "Luigi", "Peach"] });
    await client.put("uploaded.parquet", table);
    expect(await client.info("uploaded.parquet")).toMatchObject({ name: "uploaded.parquet", rowCount: 3 });
    expect(String(await client.get("uploaded.parquet").table())).toBe(String(table));
    expect((await collect(client.list())).map(({ name }) => name)).toEqual(["uploaded.parquet"]);
    await client.drop("uploaded.parquet");
    expect(await collect(client.list())).toEqual([]);
  } finally {
    await commands.stopProxied(url);
  }
});

describe("in Chromium, through the proxy", () => {
  let url: string;
  let client: DatasetClient;
  beforeAll(async () => {
    url = await commands.startProxied("scenarios");
    client = connect(url);
  });
  afterAll(() => commands.stopProxied(url));

  describeFlight(() => client);
  describeDatasets(() => client);
  describeCommands(() => client);
});
