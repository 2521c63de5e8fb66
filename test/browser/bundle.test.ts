import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { routes, type PageServer } from "./routes.ts";

type Bundle = typeof import("../../src/client/index.ts") & typeof import("apache-arrow");

/** What Chromium has and another browser of 2024 has not. */
const luxuries: [owner: object, names: PropertyKey[]][] = [
  [ReadableStream, ["from"]],
  [ReadableStream.prototype, ["values", Symbol.asyncIterator]],
  [Promise, ["try"]],
  [Array, ["fromAsync"]],
  [Uint8Array, ["fromBase64", "fromHex"]],
  [Uint8Array.prototype, ["toBase64", "toHex", "setFromBase64", "setFromHex"]],
];

describe("dist/browser.min.js, in a browser that has no more than it must", () => {
  let server: PageServer;
  let bundle: Bundle;
  beforeAll(async () => {
    server = await commands.startServer();
    for (const [owner, names] of luxuries) for (const name of names) Reflect.deleteProperty(owner, name);
    bundle = (await import(/* @vite-ignore */ new URL("/dist/browser.min.js", import.meta.url).href)) as Bundle;
  });
  afterAll(() => commands.stopServer(server.id));

  test.each(routes)("does the whole recipe over %s", async (route) => {
    const client = bundle.connect(server.urls[route]);
    const name = "uploaded.parquet";
    const characters = ["Mario", "Luigi", "Peach"];
    await client.put(name, bundle.tableFromArrays({ Character: characters }));
    const info = await client.info(name);
    expect([info.name, info.rowCount, info.schema.names]).toEqual([name, 3, ["Character"]]);
    const table = await client.get(name).table();
    expect(table.toArray().map((row) => row?.toJSON())).toEqual(characters.map((Character) => ({ Character })));
    const listed: string[] = [];
    for await (const dataset of client.list()) listed.push(dataset.name);
    expect(listed).toEqual([name]);
    await client.drop(name);
    await expect(client.info(name)).rejects.toMatchObject({
      name: "FlightError",
      code: "not_found",
      message: `there is no dataset "${name}"`,
    });
  });
});
