import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, runPython, useApp } from "./app.ts";
import { cell } from "./grid.ts";

const goTo = async (page: Page, row: number): Promise<void> => {
  await page.getByLabel("Go to row").fill(String(row));
  await page.keyboard.press("Enter");
};
const filterBy = async (page: Page, filter: string): Promise<void> => {
  await page.getByLabel("Filter rows").fill(filter);
  await page.keyboard.press("Enter");
};

const app = useApp();

describe("a dataset that is replaced while it is looked at", () => {
  test.each([
    ["by as many rows", 5000],
    ["by fewer rows", 3],
    ["by more rows", 8000],
  ])("%s is shown as it is now, as a whole, and told about", async (_, rowCount) => {
    const write = (word: string, rows: number): Promise<string> =>
      runPython(
        app,
        `pq.write_table(pa.table({"word": ["${word}"] * ${rows}}), ".new")\nos.replace(".new", "live.parquet")`,
      );
    await write("one", 5000);
    const page = await app.open("/?dataset=live.parquet");
    await expect.poll(() => cellsOfRow(page, 1)).toEqual(["one"]);
    await write("two", rowCount);
    let requests = 0;
    page.on("request", () => (requests += 1));
    await page.getByLabel("Go to row").fill("3000");
    await page.keyboard.press("Enter");
    await page.getByText("live.parquet has been replaced").waitFor();
    await page
      .getByText(`${rowCount.toLocaleString("en-US")} rows ·`)
      .first()
      .waitFor();
    await waitUntil(
      "the rows are the new ones",
      async () => (await cellsOfRow(page, Math.min(3000, rowCount)))[0] === "two",
    );
    await page.locator(".data-table td", { hasText: "one" }).first().waitFor({ state: "detached" });
    expect(requests).toBeLessThan(40);
    await expect.poll(() => page.getByRole("alert").count()).toBe(0);
    await page.context().close();
  });

  test.each([
    ["a scroll", "&column=n", async (page: Page) => await goTo(page, 3000)],
    ["a sort", "&column=word", async (page: Page) => await page.getByRole("columnheader", { name: "word" }).click()],
    ["a filter", "", async (page: Page) => await filterBy(page, "n > 10")],
    ["a filter that is set", "&filter=n < 4000", async (page: Page) => await goTo(page, 3000)],
    ["a cell that is opened", "&column=word", async (page: Page) => await cell(page, 1, 1).dblclick()],
  ])("by one of another schema is shown anew, at once and without an error: %s", async (_, query, look) => {
    const write = (columns: string): Promise<string> =>
      runPython(app, `pq.write_table(pa.table({${columns}}), ".new")\nos.replace(".new", "schema.parquet")`);
    await write('"n": range(5000), "word": ["one"] * 5000');
    const page = await app.open(`/?dataset=schema.parquet${query}`);
    await cellsOfRow(page, 1);
    // Says what has been an alert for a moment, too.
    await page.evaluate(`
      globalThis.alerts = [];
      new MutationObserver(() => {
        for (const each of document.querySelectorAll("[role=alert], .message h2")) alerts.push(each.textContent);
      }).observe(document.body, { childList: true, subtree: true });`);
    await write('"n": ["x"] * 4000, "other": range(4000), "third": [None] * 4000');
    await look(page);
    await page.getByText("schema.parquet has been replaced").waitFor();
    await page.getByText("4,000 rows · 3 columns").waitFor();
    // A filter by a number makes no sense for texts: that is the new version's own answer.
    const alerts = await page.evaluate<string[]>("alerts");
    expect(alerts.filter((text) => !text.includes("filter"))).toEqual([]);
    if (!page.url().includes("filter=")) {
      await waitUntil("the titles are the new ones", async () =>
        (await page.locator(".data-table th .name").allInnerTexts()).every((name) => name !== "word"),
      );
      const row = Number(new URL(page.url()).searchParams.get("row") ?? 1);
      await expect.poll(async () => (await cellsOfRow(page, row))[0]).toBe("x");
    }
    await page.context().close();
  });

  test.each([
    ["to the tab", "document.dispatchEvent(new Event('visibilitychange'))"],
    ["to the window", "dispatchEvent(new Event('focus'))"],
  ])("is looked at anew when somebody comes back %s, with the filter, the order and the place", async (_, comeBack) => {
    const write = (add: number): Promise<string> =>
      runPython(
        app,
        `pq.write_table(pa.table({"n": pa.array(range(${add}, 5000 + ${add}))}), ".new")\nos.replace(".new", "seen.parquet")`,
      );
    await write(0);
    const query = `/?dataset=seen.parquet&order=-n&filter=${encodeURIComponent("n >= 1000")}&row=3000`;
    const page = await app.open(query);
    await expect.poll(() => cellsOfRow(page, 3000)).toEqual(["2000"]);
    await write(10);
    await page.evaluate(comeBack);
    await waitUntil("the new value is there", async () => (await cellsOfRow(page, 3000))[0] === "2010");
    const shown = new URL(page.url()).searchParams;
    expect([shown.get("order"), shown.get("filter"), shown.get("row")]).toEqual(["-n", "n >= 1000", "3000"]);
    await page.context().close();
  });

  test("and lacks a column that had been hidden is looked at all the same", async () => {
    const write = (columns: string): Promise<string> =>
      runPython(app, `pq.write_table(pa.table({${columns}}), ".new")\nos.replace(".new", "hidden.parquet")`);
    await write('"a": [1, 2], "b": [3, 4]');
    const page = await app.open("/?dataset=hidden.parquet&tab=columns");
    await page.getByText("Of all 2 rows.").waitFor();
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("dialog", { name: "Columns" }).getByRole("checkbox", { name: /^b / }).uncheck();
    await write('"a": [5, 6, 7]');
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await page.getByText("Of all 3 rows.").waitFor();
    await expect.poll(() => page.getByRole("alert").count()).toBe(0);
    await page.context().close();
  });

  test("is one version on every tab, and an open cell of another is closed", async () => {
    const write = (columns: string): Promise<string> =>
      runPython(app, `pq.write_table(pa.table({${columns}}), ".new")\nos.replace(".new", "tabs.parquet")`);
    await write('"a": [1, 2], "b": [3, 4]');
    const page = await app.open("/?dataset=tabs.parquet");
    await cellsOfRow(page, 1);
    await cell(page, 1, 2).dblclick();
    await page.getByRole("dialog").waitFor();
    await write('"a": [5, 6, 7]');
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(() => cellsOfRow(page, 3)).toEqual(["7"]);
    await write('"c": ["x"]');
    await page.getByRole("link", { name: "Schema and file" }).click();
    await page.locator(".plain-table").first().getByText("c", { exact: true }).waitFor();
    await page.getByText("tabs.parquet has been replaced").waitFor();
    await expect.poll(() => page.locator(".schema-tab").innerText()).not.toContain("int64");
    await page.context().close();
  });

  test.each([
    ["at a scroll", async (page: Page) => await goTo(page, 3000)],
    ["at the return to the window", async (page: Page) => await page.evaluate("dispatchEvent(new Event('focus'))")],
  ])("or dropped is missed in words, %s", async (_, look) => {
    await runPython(app, `pq.write_table(pa.table({"n": range(5000)}), "gone.parquet")`);
    const page = await app.open("/?dataset=gone.parquet");
    await cellsOfRow(page, 1);
    await runPython(app, `os.remove("gone.parquet")`);
    await look(page);
    await page.getByRole("heading", { name: 'There is no dataset "gone.parquet"' }).waitFor();
    await page.context().close();
  });
});

describe("datasets that are odd", () => {
  test("are told about: without columns, with columns of one name, without rows", async () => {
    await runPython(
      app,
      `
pq.write_table(pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]), "twice.parquet")
pq.write_table(pa.table({"a": pa.array([], pa.int8())}), "empty.parquet")`,
    );
    const page = await app.open("/?dataset=twice.parquet");
    await page.getByRole("heading", { name: "Several columns are named “a”" }).waitFor();
    await page.getByRole("link", { name: "Schema and file" }).click();
    await page.getByText("1 row group ·").waitFor();
    await page.goto(`${app.server.url}/?dataset=empty.parquet`);
    await page.getByRole("heading", { name: "This dataset has no rows" }).waitFor();
    await expect.poll(() => page.locator(".data-table th .name").allInnerTexts()).toEqual(["a"]);
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
