import { readFile } from "node:fs/promises";
import { parquetReadObjects, asyncBufferFromFile } from "hyparquet";
import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, fixturesMs, useApp } from "./app.ts";
import { refuseRequests } from "./requests.ts";

const app = useApp(["rides", "small", "every", "odd", "values", "many"]);

const status = (page: Page) => page.locator(".status-bar");

describe("the list", () => {
  test("has thousands of datasets, of which it draws those in view; it is searched and ordered, and says so in the URL", async () => {
    const page = await app.open("/");
    await page.getByText("3,005 datasets").waitFor();
    await expect.poll(() => page.locator(".dataset-list tbody tr").count()).toBeLessThan(100);
    await page.getByLabel("Search datasets by name").fill("part-299");
    await page.getByText("11 of 3,005 datasets").waitFor();
    await page.getByLabel("Search datasets by name").fill("");
    await page.getByRole("button", { name: "Rows" }).click();
    await page.locator(".dataset-list tbody tr:first-child a").getByText("rides.parquet").waitFor();
    await expect
      .poll(() => page.locator(".dataset-list tbody tr:first-child").innerText())
      .toMatch(/4,000,000\s.* MB\s10\s/s);
    await expect.poll(() => page.url()).toContain("order=-rowCount");
    await page.getByRole("link", { name: "rides.parquet" }).click();
    await cellsOfRow(page, 1);
    await page.goBack();
    await page.getByRole("heading", { name: "Datasets" }).waitFor();
    await expect.poll(() => page.url()).toContain("order=-rowCount");
    await page.context().close();
  });
});

describe("a filter", () => {
  test("is the server's, with the count of the rows that meet it", async () => {
    const page = await app.open("/?dataset=rides.parquet");
    await page.getByLabel("Filter rows").fill("vendor = 'CMT' and passengers >= 5");
    await page.keyboard.press("Enter");
    // Of 21 rows, those with the remainders 0 of 3, and 5 or 6 of 7: 6 and 12.
    const count = Array.from({ length: 4_000_000 }).reduce<number>(
      (sum, _, row) => sum + Number(row % 3 === 0 && row % 7 >= 5),
      0,
    );
    await status(page)
      .getByText(`${count.toLocaleString("en-US")} of 4,000,000 rows meet the filter ·`)
      .waitFor();
    await expect.poll(async () => (await cellsOfRow(page, 1))[0]).toBe("6");
    await expect.poll(async () => (await cellsOfRow(page, 2))[0]).toBe("12");
    await page.goBack();
    await status(page).getByText("4,000,000 rows ·").waitFor();
    await page.context().close();
  });

  test("that makes no sense is answered with the place of the mistake", async () => {
    const page = await app.open("/?dataset=small.parquet&filter=fare >");
    await expect.poll(() => page.getByRole("alert").innerText()).toMatch(/the filter at character \d+/);
    await page.getByRole("button", { name: "Clear filter" }).click();
    await expect.poll(() => page.evaluate("document.activeElement?.ariaLabel")).toBe("Filter rows");
    await expect.poll(async () => (await cellsOfRow(page, 1))[0]).toBe("0");
    await page.context().close();
  });

  test("begins at a column's menu", async () => {
    const page = await app.open("/?dataset=small.parquet");
    await cellsOfRow(page, 1);
    await page.getByRole("columnheader", { name: "zone" }).hover();
    await page.getByLabel("Column menu for zone").click();
    await page.getByRole("menuitem", { name: "Filter…" }).click();
    await page.getByRole("button", { name: "Write a condition" }).click();
    const input = page.getByLabel("Filter rows");
    await waitUntil("the filter has begun", async () => (await input.inputValue()) === "zone ");
    await waitUntil(
      "it has the focus",
      async () => await page.evaluate("document.activeElement.ariaLabel === 'Filter rows'"),
    );
    await page.keyboard.type("= '7'");
    await page.keyboard.press("Enter");
    await status(page).getByText("4 of 1,000 rows meet the filter").waitFor();
    await page.context().close();
  });
});

describe("the columns", () => {
  const itemOf = (page: Page, name: string) =>
    page.locator(".column-item", { has: page.getByText(name, { exact: true }) });

  test("have nulls, bounds and bars, of a share of the rows that is said; a bar filters", async () => {
    const page = await app.open("/?dataset=rides.parquet&tab=columns");
    await page
      .getByText(
        /Statistics of a sample: 100,000 rows of 4,000,000 \(2\.5 %\), from random places\. Null counts, min and max come from the file and cover all rows\./,
      )
      .waitFor();
    await expect.poll(() => itemOf(page, "id").innerText()).toContain("3999999");
    await expect.poll(() => itemOf(page, "tip").innerText()).toMatch(/25 %[^]*Min\s+0\s+Max\s+7\.5/);
    await expect.poll(() => itemOf(page, "passengers").locator(".bars button").count()).toBe(7);
    await expect.poll(() => itemOf(page, "pickup").innerText()).toContain("2023-11-14 22:13:20Z");
    await expect.poll(() => itemOf(page, "vendor").innerText()).toMatch(/Distinct\s+3\s[^]*CMT\s+33 %/);
    await itemOf(page, "passengers").locator(".bars button").nth(6).click();
    await page.getByText("Statistics of the first 100,000 rows that meet the filter.").waitFor();
    await expect.poll(() => page.getByLabel("Filter rows").inputValue()).toBe("passengers = 6");
    await page.context().close();
  });

  test("of a dictionary of numbers have the bounds, and the order, of numbers", async () => {
    const page = await app.open("/?dataset=values.parquet&tab=columns&column=codes");
    await page.getByText("Of all 3,000 rows.").waitFor();
    await expect.poll(() => itemOf(page, "codes").innerText()).toMatch(/Min\s+9\s+Max\s+100/);
    await page.goto(`${app.server.url}/?dataset=values.parquet&column=codes&order=-codes`);
    await page.getByText("Sorted by codes").waitFor();
    await expect.poll(() => cellsOfRow(page, 1)).toEqual(["100"]);
    await page.context().close();
  });

  test("are looked at in all rows, in a worker whose memory does not grow with them", async () => {
    const page = await app.open("/?dataset=rides.parquet&tab=columns");
    await page.getByRole("button", { name: "Scan all 4,000,000 rows" }).press("Enter");
    await page.getByText("Of all 4,000,000 rows.").waitFor({ timeout: fixturesMs });
    // The button that had the focus is gone, and the focus is at what it has led to.
    await expect.poll(() => page.evaluate("document.activeElement?.ariaLabel")).toBe("Rows that were read");
    await expect.poll(() => new URL(page.url()).searchParams.get("of")).toBe("all");
    // Hiding a column takes nothing back.
    await page.getByRole("button", { name: "Columns" }).click();
    await page
      .getByRole("dialog", { name: "Columns" })
      .getByRole("checkbox", { name: /^fare / })
      .uncheck();
    await page.keyboard.press("Escape");
    await itemOf(page, "fare").waitFor({ state: "detached" });
    await expect.poll(() => page.getByText("Of all 4,000,000 rows.").count()).toBe(1);
    await expect
      .poll(() => itemOf(page, "id").innerText())
      .toMatch(/Distinct\s+≈ [34],[\d,]+\s+Min\s+0\s+Max\s+3999999/);
    await expect.poll(() => itemOf(page, "zone").innerText()).toMatch(/Distinct\s+265\s/);
    const [worker] = page.workers();
    const heap = await worker!.evaluate<number>("performance.memory?.usedJSHeapSize ?? 0");
    expect(heap).toBeLessThan(150_000_000);
    await page.context().close();
  });

  test("of every type are looked at", async () => {
    const page = await app.open("/?dataset=every type.parquet&tab=columns");
    await page.getByText("Of all 3 rows.").waitFor();
    await expect.poll(() => itemOf(page, "struct").first().innerText()).toMatch(/33 %\s+Distinct\s+–\s+Min\s+–/);
    await expect.poll(() => itemOf(page, "uint64").first().innerText()).toContain("18446744073709551615");
    await expect.poll(() => itemOf(page, "binary").first().innerText()).toContain("00ff10");
    await page.context().close();
  });

  test("are walked by keys: the bars of one are one stop, and arrows go along", async () => {
    const page = await app.open("/?dataset=small.parquet&tab=columns");
    await page.getByText("Of all 1,000 rows.").waitFor();
    await itemOf(page, "passengers").locator(".bars button").first().focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"]) await page.keyboard.press(key);
    await expect.poll(() => page.evaluate("document.activeElement.ariaLabel")).toBe("2: 143 rows");
    await page.keyboard.press("Enter");
    await page.getByText("Statistics of all 143 rows that meet the filter.").waitFor();
    await expect.poll(() => page.url()).toContain("tab=columns&filter=passengers+%3D+2");
    await page.context().close();
  });
});

describe("schema and file", () => {
  test("show fields down to the last, row groups, codecs and sizes", async () => {
    const page = await app.open("/?dataset=rides.parquet&tab=schema");
    await page.getByText("31 row groups").waitFor();
    const text = (): Promise<string> => page.getByLabel("Schema and file of rides.parquet").innerText();
    await expect.poll(text).toContain("written by parquet-cpp-arrow");
    await expect.poll(text).toMatch(/vendor\s+SNAPPY\s+[\d.]+ [kM]B\s/);
    await expect.poll(text).toMatch(/tip\s.*1,000,000/);
    await expect.poll(text).toContain("131,072");
    await expect.poll(text).toMatch(/% of uncompressed\s+Nulls\s+Min\s+Max/);
    await page.goto(`${app.server.url}/?dataset=every type.parquet&tab=schema`);
    // An empty list is a null of its items in the file.
    await page.locator("tr", { hasText: "list.list.element" }).first().getByText("3 nulls or empty lists").waitFor();
    await page.context().close();
  });
});

describe("a download with a filter that makes no sense", () => {
  test("is not offered", async () => {
    const page = await app.open("/?dataset=small.parquet&filter=id <");
    await page.getByRole("alert").waitFor();
    await page.getByRole("button", { name: "Download" }).click();
    await page.getByText("The server does not understand the filter.").waitFor();
    await expect.poll(() => page.locator(".menu a").allInnerTexts()).toEqual(["Parquet, as it is stored"]);
    await page.context().close();
  });
});

describe("a page that something has gone wrong with", () => {
  test("says that a part of it did not come, and goes on when it does", async () => {
    const page = await app.open("/?dataset=small.parquet");
    await cellsOfRow(page, 1);
    await refuseRequests(page, "**/assets/plot-*");
    await page.getByRole("link", { name: "Plot" }).click();
    await page.getByText("a part of this page could not be loaded").waitFor();
    await page.unroute("**/assets/plot-*");
    // The page tries once by itself, perhaps too early.
    const again = page.getByRole("button", { name: "Try again" });
    await again.or(page.getByText("All 1,000 rows.")).waitFor();
    if ((await again.count()) > 0) await again.click({ timeout: 1000 }).catch(() => {});
    await page.getByText("All 1,000 rows.").waitFor();
    await page.context().close();
  });

  test("is there for browsers that keep nothing for it", async () => {
    const page = await app.open("/");
    await page.addInitScript(
      "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })",
    );
    await page.goto(`${app.server.url}/?dataset=small.parquet`);
    await expect.poll(async () => (await cellsOfRow(page, 1))[0]).toBe("0");
    await page.context().close();
  });

  test("has the list where it was left, and the focus in the page that has come", async () => {
    const page = await app.open("/");
    await page.getByText("3,005 datasets").waitFor();
    const list = page.locator(".dataset-list");
    await list.evaluate((element) => (element.scrollTop = 20_000));
    await page.getByRole("link", { name: "part-590.parquet" }).click();
    await page.getByRole("heading", { name: "part-590.parquet" }).waitFor();
    await expect.poll(() => page.evaluate("document.activeElement.innerText")).toBe("part-590.parquet");
    await page.goBack();
    await page.getByRole("heading", { name: "Datasets" }).waitFor();
    await waitUntil(
      "the list is where it was",
      async () => (await list.evaluate(({ scrollTop }) => scrollTop)) === 20_000,
    );
    await page.context().close();
  });
});

describe("downloads", () => {
  test("are the file as it lies, and the rows and columns as seen", async () => {
    const page = await app.open("/?dataset=small.parquet&column=id&column=zone&filter=id < 2");
    await cellsOfRow(page, 1);
    const get = async (title: string): Promise<string> => {
      await page.getByRole("button", { name: "Download" }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: title, exact: true }).click(),
      ]);
      await page.keyboard.press("Escape");
      return await download.path();
    };
    const rowsOf = async (path: string) => await parquetReadObjects({ file: await asyncBufferFromFile(path) });
    expect(await rowsOf(await get("Parquet, as it is stored"))).toHaveLength(1000);
    expect(await rowsOf(await get("Parquet"))).toEqual([
      { id: 0n, zone: "0" },
      { id: 1n, zone: "1" },
    ]);
    expect(await readFile(await get("CSV"), "utf8")).toBe("id,zone\n0,0\n1,1\n");
    expect(await readFile(await get("JSON lines"), "utf8")).toBe('{"id":"0","zone":"0"}\n{"id":"1","zone":"1"}\n');
    await page.context().close();
  });
});

describe("failures", () => {
  test("of a name that is not there are told, with a way back", async () => {
    const page = await app.open("/?dataset=nothing.parquet");
    await page.getByRole("heading", { name: 'There is no dataset "nothing.parquet"' }).waitFor();
    await page.getByRole("link", { name: "All datasets", exact: true }).click();
    await page.getByRole("heading", { name: "Datasets" }).waitFor();
    await page.context().close();
  });

  test("of the connection are told, and the page goes on by itself when the server is back", async () => {
    const page = await app.open("/?dataset=rides.parquet");
    await cellsOfRow(page, 1);
    await refuseRequests(page, "**/*");
    await page.getByLabel("Go to row").fill("2000000");
    await page.keyboard.press("Enter");
    await page.getByText("The server cannot be reached").waitFor();
    await page.unroute("**/*");
    await expect.poll(async () => (await cellsOfRow(page, 2_000_000))[0]).toBe("1999999");
    await page.getByText("The server cannot be reached").waitFor({ state: "detached" });
    await expect.poll(() => page.getByRole("alert").count()).toBe(0);
    await page.context().close();
  });
});

describe("the page", () => {
  test("complains of nothing", () => {
    expect(app.complaints).toEqual([]);
  });
});
