import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { startChild } from "../support/child.ts";
import { startBehindProxy, startPyarrowMemory, type TestServer } from "../support/server.ts";
import { cellsOfRow, fixturesMs, startBrowser, type TestBrowser } from "./app.ts";

let browser: TestBrowser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser[Symbol.asyncDispose]());

/** Opens a page that has room for all columns at once. */
const open = (server: TestServer, path: string): Promise<Page> =>
  browser.open(server.url + path, { viewport: { width: 2400, height: 760 } });

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
      lists: ["[1,2]", "[3]", "[1,2]"],
      large: ["x", "null", "y"],
      decimal: ["-1.25", "null", "0.50"],
    });
    await page.getByRole("link", { name: "Columns" }).click();
    await page.getByText("Of all 3 rows.").waitFor();
    await expect
      .poll(() => page.locator(".column-item", { hasText: "run_end_encoded" }).innerText())
      .toMatch(/33 %[^]*a\s+67 %/);
    await page.context().close();
  });

  test("tells a dataset that cannot be read from a server that cannot be reached", async () => {
    const page = await open(proxy, "/?dataset=fail me");
    await page.getByText("failed as it was told").waitFor();
    let requests = 0;
    page.on("request", () => (requests += 1));
    await page.waitForTimeout(3000);
    await expect.poll(() => page.getByText("The server cannot be reached").count()).toBe(0);
    expect(requests).toBeLessThan(10);
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(browser.complaints).toEqual([]);
});
