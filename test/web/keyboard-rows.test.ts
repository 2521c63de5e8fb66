import type { Page } from "playwright";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, fixturesMs, useApp } from "./app.ts";
import { cell, focused } from "./grid.ts";
import { focusName, hear, openForKeys, tabTo, waitForFocus } from "./keyboard.ts";

const program = `
pq.write_table(pa.table({
    "city": ["Oslo", "Lima", None, "Rome", "Bern"], "temp": [4.5, 19.0, 21.5, 15.0, None],
    "url": ["https://example.com/%d" % i for i in range(5)], "place": [{"x": i, "y": 2 * i} for i in range(5)],
}), "cities.parquet")
`;

const app = useApp([], program);
let page: Page;
beforeAll(async () => {
  page = await openForKeys(app, "/?dataset=cities.parquet");
}, fixturesMs);
beforeEach(async () => {
  await page.goto("about:blank");
  await page.context().close();
  page = await openForKeys(app, "/?dataset=cities.parquet");
  await cellsOfRow(page, 1);
});

/** Goes into the table by Tab, to its first cell. */
async function enterTable(): Promise<void> {
  await waitUntil("Tab leads to a cell", async () => {
    await page.keyboard.press("Tab");
    return (await focused(page)) === "2,2";
  });
}

/** Opens the menu of the title that has the focus, and chooses an entry by its first letters. */
async function choose(entry: string): Promise<void> {
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menu").waitFor();
  await waitUntil(
    "the menu has the focus",
    async () => await page.evaluate(`document.activeElement.role === "menuitem"`),
  );
  for (let i = 0; i < 10 && (await focusName(page)) !== entry; i++) await page.keyboard.press(entry[0]!);
  await expect.poll(() => focusName(page)).toBe(entry);
  await page.keyboard.press("Enter");
}

describe("the row panel", () => {
  test("has the focus, keeps it from row to row, and gives it back to the cell", async () => {
    await enterTable();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+F10");
    await waitForFocus(page, "Only these");
    await page.keyboard.press("s");
    await page.keyboard.press("s");
    await waitForFocus(page, "Show the row");
    await page.keyboard.press("Enter");
    await waitForFocus(page, "Row 2");
    await tabTo(page, "Next row");
    await page.keyboard.press("Enter");
    await hear(page, "Row 3");
    await page.getByRole("complementary", { name: "Row 3" }).getByText("21.5").waitFor();
    await expect.poll(() => focusName(page)).toBe("Next row");
    await tabTo(page, /^https:/);
    await expect.poll(() => page.getByRole("complementary").ariaSnapshot()).toContain("place: 2 fields");
    await page.keyboard.press("Escape");
    await waitUntil("the cell has the focus", async () => (await focused(page)) === "4,3");
    await expect.poll(() => page.getByRole("complementary").count()).toBe(0);
  });

  test("is gone to again while it is open, is closed from the table, and has the focus at the last row", async () => {
    await page.goto(`${app.server.url}/?dataset=cities.parquet&row=4&open=row`);
    await waitForFocus(page, "Row 4");
    await tabTo(page, "Next row");
    await page.keyboard.press("Enter");
    // The button is disabled now.
    await waitForFocus(page, "Row 5");
    await page.keyboard.press("Shift+Tab");
    await waitUntil("a cell of row 5 has the focus", async () => (await focused(page)).startsWith("6,"));
    await page.keyboard.press("ArrowUp");
    await waitUntil("one of row 4 has it", async () => (await focused(page)).startsWith("5,"));
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menu").waitFor();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await waitForFocus(page, "Row 4");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Escape");
    await page.getByRole("complementary").waitFor({ state: "detached" });
    await waitUntil("a cell has the focus", async () => (await focused(page)).startsWith("5,"));
  });
});

describe("the grid", () => {
  test("says what is selected", async () => {
    await enterTable();
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+End");
    await hear(page, "8 cells selected: rows 1 to 2, columns city to place");
    await expect.poll(() => cell(page, 2, 4).getAttribute("aria-selected")).toBe("true");
    await expect.poll(() => cell(page, 3, 1).getAttribute("aria-selected")).toBe("false");
    await expect.poll(() => page.getByRole("grid").getAttribute("aria-multiselectable")).toBe("true");
    await page.keyboard.press("Control+a");
    await hear(page, "20 cells selected: rows 1 to 5");
    await page.keyboard.press("Control+c");
    await hear(page, "Copied 20 cells");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowLeft");
    await waitForFocus(page, "1");
    await page.keyboard.press(" ");
    await hear(page, "4 cells selected: row 1, columns city to place");
    await expect.poll(() => page.evaluate("document.activeElement.role")).toBe("rowheader");
    await expect.poll(() => page.evaluate("document.activeElement.ariaDisabled")).toBe(null);
    await page.keyboard.press("ArrowRight");
    await waitForFocus(page, "Oslo");
    await page.keyboard.press("Control+ ");
    await hear(page, "5 cells selected: rows 1 to 5, column city");
  });

  test("has titles with types, widths of columns by name, and a named corner", async () => {
    await enterTable();
    await page.keyboard.press("ArrowUp");
    await waitForFocus(page, "city");
    const title = page.getByRole("columnheader", { name: "city" });
    await expect
      .poll(() => title.getAttribute("aria-description"))
      .toBe("string. Press to sort by city in ascending order");
    await page.getByRole("spinbutton", { name: "Width of city" }).waitFor();
    await expect.poll(() => page.locator("thead td").first().getAttribute("aria-label")).toBe("Row numbers");
  });

  test("sorts and clears the order by keys, says so, and stays at the title", async () => {
    await enterTable();
    await page.keyboard.press("ArrowUp");
    await waitForFocus(page, "city");
    await page.keyboard.press("Enter");
    await hear(page, "Ordered by city, ascending");
    await waitForFocus(page, "city");
    await page.keyboard.press("Enter");
    await hear(page, "Ordered by city, descending");
    await waitForFocus(page, "city");
    await choose("Clear sort");
    await hear(page, "Rows in their stored order");
    await page.keyboard.press("Escape");
    await waitForFocus(page, "city");
  });

  test("moves, pins and hides columns, says so, and stays at the title or its neighbour", async () => {
    await enterTable();
    await page.keyboard.press("ArrowUp");
    await waitForFocus(page, "city");
    await choose("Move right");
    await hear(page, "city is column 2 of 4");
    await waitForFocus(page, "city");
    await expect.poll(() => page.locator("thead th .name").allInnerTexts()).toEqual(["temp", "city", "url", "place"]);
    await choose("Pin up to here");
    await hear(page, "Pinned up to city");
    await waitForFocus(page, "city");
    await choose("Hide column");
    await hear(page, "Column city is hidden");
    await waitForFocus(page, "url");
    await page.keyboard.press("ArrowRight");
    await waitForFocus(page, "place");
  });
});

test("a row that is gone to is told, also where there is none of the number", async () => {
  await tabTo(page, "Go to row, 1 to 5");
  await page.keyboard.type("99999");
  await page.keyboard.press("Enter");
  await hear(page, "The last row is 5");
  await waitUntil("the row has the focus", async () => (await focused(page)).startsWith("6,"));
  await tabTo(page, "Go to row, 1 to 5", "Shift+Tab");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("x");
  await page.keyboard.press("Enter");
  await hear(page, "Type the number of a row, from 1 to 5");
});

test("completions, a saved view and a range that ends before it begins are told", async () => {
  await tabTo(page, "Filter rows");
  await page.keyboard.type("ci");
  await hear(page, "1 completion");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await tabTo(page, "Views");
  await page.keyboard.press("Enter");
  await tabTo(page, "Name of this view");
  await page.keyboard.type("all");
  await page.keyboard.press("Enter");
  await hear(page, "Saved the view all");
  await tabTo(page, "Forget all");
  await page.keyboard.press("Enter");
  await hear(page, "Forgot the view all");
  await waitForFocus(page, "Name of this view");
  await page.keyboard.press("Escape");
  await enterTable();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowUp");
  await waitForFocus(page, "temp");
  await choose("Filter…");
  await page.getByRole("dialog", { name: "Filter by temp" }).waitFor();
  await page.keyboard.type("9");
  await page.keyboard.press("Tab");
  await page.keyboard.type("5");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("From is greater than To").waitFor();
  await tabTo(page, "Cancel");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
