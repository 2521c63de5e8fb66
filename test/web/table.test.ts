import { describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, runPython, useApp } from "./app.ts";
import { cell, expectCopied, focused, scroller, scrollOf } from "./grid.ts";

const app = useApp(["small", "every", "wide"]);

describe("the table", () => {
  test("has a menu at each title that keys walk and Escape closes, and that says what it does", async () => {
    const page = await app.open("/?dataset=small.parquet&row=1");
    await cellsOfRow(page, 1);
    const menu = page.getByRole("menu");
    const label = (): Promise<string> => page.evaluate("document.activeElement?.textContent ?? ''");
    for (const open of [
      async () => await page.getByLabel("Column menu for fare").click(),
      async () => {
        await page.getByLabel("Column menu for fare").focus();
        await page.keyboard.press("Enter");
      },
    ]) {
      await page.getByRole("columnheader", { name: "fare" }).hover();
      await open();
      await waitUntil("the first entry has the focus", async () => (await label()) === "Sort ascending");
      await page.keyboard.press("ArrowDown");
      await waitUntil("the second entry has it", async () => (await label()) === "Hide column");
      await page.keyboard.press("Escape");
      await menu.waitFor({ state: "detached" });
    }
    await page.getByLabel("Column menu for fare").click();
    await page.getByRole("menuitem", { name: "Sort ascending" }).click();
    await waitUntil("the rows are sorted", async () => (await cellsOfRow(page, 1))[1] === "0");
    await expect.poll(() => page.url()).toContain("order=%2Bfare");
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "detached" });
    await page.getByRole("columnheader", { name: "tip" }).hover();
    await page.getByLabel("Column menu for tip").click();
    await page.getByRole("menuitem", { name: "Sort descending" }).click();
    await page.getByText("Sorted by tip, descending.").waitFor();
    await page.context().close();
  });

  test("goes to the edges by Ctrl, also with Shift, and shows where a selection has got to", async () => {
    const page = await app.open("/?dataset=small.parquet&row=1000");
    await cellsOfRow(page, 1000);
    await waitUntil("the last row has the focus", async () => (await focused(page)) === "1001,2");
    await page.keyboard.press("Control+ArrowUp");
    await waitUntil("the first row has it", async () => (await focused(page)) === "2,2");
    await expect.poll(() => scrollOf(page, "scrollTop")).toBe(0);
    for (let row = 2; row <= 41; row++) {
      await page.keyboard.press("Shift+ArrowDown");
      await waitUntil("the corner has the focus", async () => (await focused(page)) === `${row + 1},2`);
    }
    await cell(page, 41, 1).locator("[data-selected]").waitFor();
    await expect.poll(() => scrollOf(page, "scrollTop")).toBeGreaterThan(0);
    await page.keyboard.press("Control+Shift+ArrowDown");
    await waitUntil("the corner is the last row", async () => (await focused(page)) === "1001,2");
    await page.keyboard.press("Control+c");
    await page.getByText("Copied 1,000 cells").waitFor();
    await expectCopied(page, Array.from({ length: 1000 }, (_, row) => row).join("\n"));
    await page.context().close();
  });

  test("goes to a row again that one has scrolled away from", async () => {
    const page = await app.open("/?dataset=small.parquet");
    await cellsOfRow(page, 1);
    for (let i = 0; i < 2; i++) {
      await page.getByLabel("Go to row").fill("500");
      await page.keyboard.press("Enter");
      await waitUntil("the row has the focus", async () => (await focused(page)) === "501,2");
      await expect.poll(async () => (await cellsOfRow(page, 500))[0]).toBe("499");
      await scroller(page).evaluate((element) => (element.scrollTop = 0));
      await cellsOfRow(page, 1);
    }
    await page.context().close();
  });

  test("stays where it is, with its focus and widths, when it is sorted and when columns go", async () => {
    const page = await app.open("/?dataset=small.parquet", { viewport: { width: 700, height: 600 } });
    await cellsOfRow(page, 1);
    const title = page.getByRole("columnheader", { name: "tip" });
    await title.scrollIntoViewIfNeeded();
    // A column has a width once its cells are here.
    await page.locator('.data-table tr[aria-rowindex="2"] td:nth-child(8)[aria-busy="false"]').waitFor();
    await title.getByRole("spinbutton").focus();
    await page.keyboard.press("PageUp");
    await waitUntil("the column is wider", async () => (await title.boundingBox())!.width > 180);
    const width = (await title.boundingBox())!.width;
    const left = await scrollOf(page, "scrollLeft");
    expect(left).toBeGreaterThan(300);
    await title.focus();
    await page.keyboard.press("Enter");
    await page.getByText("Sorted by tip").waitFor();
    await waitUntil("the rows are sorted", async () => (await cellsOfRow(page, 1))[6] === "0");
    await expect.poll(() => scrollOf(page, "scrollLeft")).toBe(left);
    await expect.poll(() => focused(page)).toBe("1,8");
    await page.getByRole("columnheader", { name: "vendor" }).hover();
    await page.getByLabel("Column menu for vendor").click();
    await page.getByRole("menuitem", { name: "Hide column" }).click();
    await waitUntil("the column is gone", async () => (await page.locator(".data-table th .name").count()) === 9);
    await waitUntil("the width is as before", async () => Math.abs((await title.boundingBox())!.width - width) < 2);
    await expect.poll(() => scrollOf(page, "scrollLeft")).toBeGreaterThan(200);
    await expect.poll(async () => (await cellsOfRow(page, 1))[5]).toBe("0");
    await page.reload();
    await cellsOfRow(page, 1);
    await expect.poll(async () => Math.abs((await title.boundingBox())!.width - width)).toBeLessThan(2);
    await page.context().close();
  });

  test("keeps a width that the pointer has drawn", async () => {
    const page = await app.open("/?dataset=small.parquet");
    await cellsOfRow(page, 1);
    const title = page.getByRole("columnheader", { name: "fare" });
    const before = (await title.boundingBox())!.width;
    const edge = (await title.getByRole("spinbutton").boundingBox())!;
    await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height / 2);
    await page.mouse.down();
    await page.mouse.move(edge.x + 120, edge.y + edge.height / 2, { steps: 4 });
    await page.mouse.up();
    await waitUntil("the column is wider", async () => (await title.boundingBox())!.width > before + 90);
    const width = (await title.boundingBox())!.width;
    await page.reload();
    await cellsOfRow(page, 1);
    await expect.poll(async () => Math.abs((await title.boundingBox())!.width - width)).toBeLessThan(2);
    await page.context().close();
  });

  test("goes to a column that is found by its name", async () => {
    const page = await app.open("/?dataset=wide.parquet");
    await cellsOfRow(page, 1);
    await page.getByRole("button", { name: "Columns" }).click();
    const menu = page.getByRole("dialog", { name: "Columns" });
    await menu.getByLabel("Find a column").fill("0777");
    await menu.getByRole("checkbox").check();
    await menu.getByRole("button", { name: "Go to column_0777" }).click();
    await waitUntil("the column has the focus", async () => (await focused(page)) === "2,42");
    await expect.poll(() => scrollOf(page, "scrollLeft")).toBeGreaterThan(3000);
    await cell(page, 1, 41).locator("span").waitFor();
    await expect.poll(async () => (await cellsOfRow(page, 3)).at(-1)).toBe(String(777 * 2));
    await page.context().close();
  });

  test("shows all digits of long numbers", async () => {
    const page = await app.open("/?dataset=every type.parquet&column=uint64&column=int64");
    await cellsOfRow(page, 1);
    const isCut = (row: number, column: number): Promise<boolean> =>
      cell(page, row, column).evaluate((element) => element.scrollWidth > element.clientWidth);
    await waitUntil(
      "the columns are as wide as their numbers",
      async () => !(await isCut(1, 1)) && !(await isCut(2, 2)),
    );
    await page.context().close();
  });

  test("takes an order by a column that is not there for none", async () => {
    const page = await app.open("/?dataset=small.parquet&order=-nothing");
    await expect.poll(async () => (await cellsOfRow(page, 1))[0]).toBe("0");
    await expect.poll(() => page.getByText("Sorted by").count()).toBe(0);
    await page.context().close();
  });

  test("keeps its titles when no row meets a filter, and its rows when a filter makes no sense", async () => {
    const page = await app.open("/?dataset=small.parquet");
    await cellsOfRow(page, 1);
    await page.getByLabel("Filter rows").fill("id <");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await expect.poll(() => page.locator(".data-table[data-waiting]").count()).toBe(0);
    await expect.poll(() => page.url()).not.toContain("filter");
    await page.getByLabel("Filter rows").fill("id < 0");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "No row meets the filter" }).waitFor();
    await expect.poll(() => page.locator(".data-table th .name").count()).toBe(10);
    await page.context().close();
  });

  test("filters by values with line feeds, and keeps what has been typed when a column's menu adds to it", async () => {
    await runPython(app, `pq.write_table(pa.table({"a\\nb": ["x\\ny", "xy", None], "n": [1, 2, 3]}), "lines.parquet")`);
    const page = await app.open("/?dataset=lines.parquet");
    await cellsOfRow(page, 1);
    const box = page.getByLabel("Filter rows");
    await box.fill("n < 9 and");
    await page.getByRole("columnheader", { name: "a b" }).hover();
    await page.getByLabel("Column menu for a b").click();
    await page.getByRole("menuitem", { name: "Filter…" }).click();
    await page.getByRole("button", { name: "Write a condition" }).click();
    await waitUntil("the condition is begun", async () => (await box.inputValue()) === 'n < 9 and "a\nb" ');
    await box.fill(`${await box.inputValue()}= 'x\ny'`);
    await page.keyboard.press("Enter");
    await page.getByText("1 of 3 rows meets the filter").waitFor();
    await page.context().close();
  });

  test("and its menus share the focus: several columns are hidden by keys", async () => {
    const page = await app.open("/?dataset=small.parquet&row=3");
    await cellsOfRow(page, 3);
    await cell(page, 3, 2).click();
    await page.getByRole("button", { name: "Columns" }).focus();
    await page.keyboard.press("Enter");
    const boxes = page.getByRole("dialog", { name: "Columns" }).getByRole("checkbox");
    await boxes.nth(1).focus();
    await page.keyboard.press("Space");
    await waitUntil("a column is gone", async () => (await page.locator(".data-table th .name").count()) === 9);
    await page.waitForTimeout(300);
    await expect.poll(() => page.evaluate("document.activeElement.type")).toBe("checkbox");
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
