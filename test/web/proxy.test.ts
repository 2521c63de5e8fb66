import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { connect } from "../../src/client-node/index.ts";
import { startChild } from "../support/child.ts";
import { startBehindProxy, startPyarrowMemory, startRecipe, type TestServer } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, fixturesMs, startBrowser, writeFixtures, type TestBrowser } from "./app.ts";

let browser: TestBrowser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser[Symbol.asyncDispose]());

/** Opens a page that has room for all columns at once. */
const open = (server: TestServer, path: string): Promise<Page> =>
  browser.open(server.url + path, { viewport: { width: 2400, height: 760 } });

describe("before the recipe's pyarrow server, through the proxy, the web app", () => {
  let proxy: TestServer;
  beforeAll(async () => {
    proxy = await startBehindProxy(startRecipe);
    await writeFixtures(proxy.repo, ["small"]);
  }, fixturesMs);
  afterAll(() => proxy[Symbol.asyncDispose]());

  test("lists datasets, and shows rows, sorted too, columns, schema and a plot, and nothing that only Hangar has", async () => {
    const page = await open(proxy, "/");
    expect(await page.locator(".dataset-list tbody tr").innerText()).toMatch(/small\.parquet\s+1,000\s/);
    await page.getByRole("link", { name: "small.parquet" }).click();
    expect((await cellsOfRow(page, 3))[0]).toBe("2");
    expect(await page.getByLabel("Filter rows").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Download" }).count()).toBe(0);
    await page.getByRole("columnheader", { name: "fare" }).click();
    await page.getByText("Sorted by fare.").waitFor();
    const fares = Array.from({ length: 1000 }, (_, row) => (row * 7919) % 10_007).sort((a, b) => a - b);
    await waitUntil("the rows are sorted", async () => (await cellsOfRow(page, 2))[1] === String(fares[1]! / 100));
    await page.getByRole("link", { name: "Columns" }).click();
    await page.getByText("Of all 1,000 rows.").waitFor();
    await page.getByRole("link", { name: "Plot" }).click();
    await page.getByText("All 1,000 rows.").waitFor();
    await page.getByRole("link", { name: "Schema and file" }).click();
    await page.getByText("This server does not tell how the dataset is stored.").waitFor();
    await page.context().close();
  });

  test("uploads Arrow files, asks before it replaces, and says that Parquet is not taken", async () => {
    const page = await open(proxy, "/");
    const panel = page.getByRole("complementary", { name: "Uploads" });
    const upload = async (name: string, buffer: Buffer): Promise<void> => {
      await page.setInputFiles("input[type=file]", { name, mimeType: "", buffer });
      await panel.getByRole("button", { name: "Upload", exact: true }).click();
    };
    const arrow = (...values: number[]): Buffer =>
      Buffer.from(tableToIPC(tableFromArrays({ n: Int32Array.from(values) }), "file"));
    const rowsOf = async (name: string): Promise<number | undefined> =>
      (await connect(proxy.location).info(name)).rowCount;
    await upload("new.arrow", arrow(1, 2));
    await panel.getByText(/^Stored, /).waitFor();
    expect(await rowsOf("new.parquet")).toBe(2);
    await panel.getByRole("button", { name: "Clear" }).click();
    await upload("new.arrow", arrow(1, 2, 3));
    await panel.getByText("There is a dataset new.parquet").waitFor();
    expect(await rowsOf("new.parquet")).toBe(2);
    await panel.getByRole("button", { name: "Replace it" }).click();
    await panel.getByText(/^Stored, /).waitFor();
    expect(await rowsOf("new.parquet")).toBe(3);
    await panel.getByRole("button", { name: "Clear" }).click();
    await upload("other.parquet", Buffer.from("PAR1....PAR1"));
    await panel.getByText("this server takes Arrow files, and no Parquet").waitFor();
    await page.context().close();
  });

  test("drops datasets, and says what an empty server takes", async () => {
    const page = await open(proxy, "/");
    for (const name of ["new.parquet", "small.parquet"]) {
      await page.getByRole("link", { name }).click();
      await page.getByRole("button", { name: "Drop…" }).click();
      await page.getByRole("button", { name: "Drop it" }).click();
      await page.getByRole("link", { name }).waitFor({ state: "detached" });
    }
    await page.getByRole("heading", { name: "No datasets yet" }).waitFor();
    const text = await page.locator("main").innerText();
    expect(text).toContain("Drop Arrow files on this page");
    expect(text).not.toContain("curl");
    await page.context().close();
  });
});

describe("before a pyarrow server of its own, through the proxy, the web app", () => {
  let proxy: TestServer;
  beforeAll(async () => {
    proxy = await startBehindProxy(startPyarrowMemory);
    const program = join(import.meta.dirname, "put_types.py");
    await using child = startChild(await ensurePython(), [program, proxy.location]);
    const { exitCode } = await child.exit(fixturesMs);
    if (exitCode !== 0) throw new Error(`pyarrow could not put the types: ${child.output()}`);
  }, fixturesMs);
  afterAll(() => proxy[Symbol.asyncDispose]());

  test("shows what no Parquet file holds: unions, run-end encoding, intervals, views, dictionaries of any type", async () => {
    const page = await open(proxy, "/?dataset=types");
    const rows = await Promise.all([1, 2, 3].map((row) => cellsOfRow(page, row)));
    const columns = await page.locator(".data-table th .name").allInnerTexts();
    expect(Object.fromEntries(columns.map((column, i) => [column, rows.map((row) => row[i])]))).toEqual({
      union: ["1", "two", "null"],
      runs: ["a", "a", "null"],
      interval: ["P1M2DT0.000000003S", "null", "P0M0DT0.000000000S"],
      view: ["a text that is longer than twelve bytes", "empty", "null"],
      list_view: ["[1,2]", "[]", "null"],
      lists: ['["1","2"]', '["3"]', '["1","2"]'],
      large: ["x", "null", "y"],
      decimal: ["-1.25", "null", "0.50"],
    });
    await page.getByRole("link", { name: "Columns" }).click();
    await page.getByText("Of all 3 rows.").waitFor();
    expect(await page.locator(".column-item", { hasText: "run_end_encoded" }).innerText()).toMatch(/33 %[^]*a\s+67 %/);
    await page.context().close();
  });

  test("tells a dataset that cannot be read from a server that cannot be reached", async () => {
    const page = await open(proxy, "/?dataset=fail me");
    await page.getByText("failed as it was told").waitFor();
    let requests = 0;
    page.on("request", () => (requests += 1));
    await page.waitForTimeout(3000);
    expect(await page.getByText("The server cannot be reached").count()).toBe(0);
    expect(requests).toBeLessThan(10);
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(browser.complaints).toEqual([]);
});
