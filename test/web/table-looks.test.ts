import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, fixturesMs, runPython, useApp } from "./app.ts";
import { cell, scroller } from "./grid.ts";
import { holdRequests } from "./requests.ts";
import { unfold } from "./unfold.ts";

const app = useApp(["small"]);
let page: Page;
beforeAll(async () => {
  page = await app.open("/", { viewport: { width: 900, height: 600 } });
}, fixturesMs);

const columns = ["pickup", "id", "fare", "distance", "passengers", "vendor", "note", "zone"];
const query = `/?dataset=small.parquet&pinned=2&${columns.map((name) => `column=${name}`).join("&")}`;

/** The names of the first titles as they are seen, from the left, and by how many pixels the pinned ones overlap. */
const readTitles = `(() => {
  const titles = [...document.querySelectorAll(".data-table thead tr > .pinned")];
  const seen = titles.map((title) => {
    const { left, top, width, height } = title.getBoundingClientRect();
    return title.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });
  const [first, second] = titles.map((title) => title.getBoundingClientRect());
  return { seen, apart: Math.round(second.left - first.right) };
})()`;

describe("pinned columns", () => {
  test("keep their titles above those that are scrolled, and their places when a format makes them wider", async () => {
    await page.goto(app.server.url + query);
    await cellsOfRow(page, 1);
    await scroller(page).evaluate((element) => element.scrollTo({ left: 500 }));
    await expect.poll(() => page.evaluate(readTitles)).toEqual({ seen: [true, true], apart: 0 });
    await page.getByRole("button", { name: "Format" }).click();
    await page.getByLabel("Times with a zone").selectOption("column");
    await page.keyboard.press("Escape");
    await waitUntil("times are in the zone of their column", async () =>
      (await cellsOfRow(page, 1))[0]!.includes("-05:00"),
    );
    await scroller(page).evaluate((element) => element.scrollTo({ left: 500 }));
    await waitUntil("the pinned columns are beside each other", async () => {
      const { apart } = await page.evaluate<{ apart: number }>(readTitles);
      return apart === 0;
    });
    const first = page.locator('.data-table tr[aria-rowindex="2"] td').first();
    const isCut = (): Promise<boolean> =>
      first.evaluate((cell: { scrollWidth: number; clientWidth: number }) => cell.scrollWidth > cell.clientWidth);
    await expect.poll(isCut).toBe(false);
  });
});

describe("rows of another filter", () => {
  test("take the place of those before, which are dimmed until then", async () => {
    await page.goto(`${app.server.url}/?dataset=small.parquet`);
    await cellsOfRow(page, 1);
    const isSeen = Promise.withResolvers<void>();
    await holdRequests(page, "**/DoGet", () => isSeen.promise);
    await page.evaluate(`(() => {
      globalThis.looks = new Set();
      const look = () => {
        const table = document.querySelector(".data-table");
        const cell = table.querySelector('tr[aria-rowindex="2"] td');
        const isDimmed = table.hasAttribute("data-waiting");
        if (isDimmed || looks.size > 0) looks.add((isDimmed ? "dimmed " : "") + (cell?.innerText ?? "none"));
        requestAnimationFrame(look);
      };
      look();
    })()`);
    await page.getByRole("textbox", { name: "Filter" }).fill("id >= 500");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate("[...looks]")).toEqual(["dimmed 0"]);
    isSeen.resolve();
    await expect.poll(() => page.evaluate("[...looks].length")).toBe(2);
    await expect.poll(() => page.evaluate("[...looks]")).toEqual(["dimmed 0", "500"]);
    await page.unroute("**/DoGet");
  });
});

describe("numbers", () => {
  interface Seen {
    scrollWidth: number;
    clientWidth: number;
  }
  const isCut = async (row: number, column: number): Promise<boolean> =>
    await cell(page, row, column).evaluate((td: Seen) => td.scrollWidth > td.clientWidth);

  test("are whole in columns that come into view later, and end in an ellipsis where later rows are longer", async () => {
    await runPython(
      app,
      `
import decimal
n = 2000
table = {f"c{i:02}": range(n) for i in range(20)}
table["u64"] = pa.array([2**64 - 1 - i for i in range(n)], pa.uint64())
table["wide"] = pa.array([decimal.Decimal("-" + "9" * 28 + "." + "9" * 10)] * n, pa.decimal128(38, 10))
table["grows"] = [i if i < 1000 else 10**15 + i for i in range(n)]
pq.write_table(pa.table(table), "numbers.parquet")`,
    );
    await page.goto(`${app.server.url}/?dataset=numbers.parquet`);
    await cellsOfRow(page, 1);
    await scroller(page).evaluate((element) => element.scrollTo({ left: 9999 }));
    for (const column of [21, 22]) {
      await waitUntil(`column ${column} is here`, async () => (await cell(page, 1, column).innerText()) !== "");
      await waitUntil(`column ${column} is whole`, async () => !(await isCut(1, column)));
    }
    const left = await scroller(page).evaluate((element) => {
      element.scrollTo({ left: 9999, top: 9999 * 9999 });
      return element.scrollLeft;
    });
    expect(left).toBeGreaterThan(1500);
    await waitUntil(
      "the last row is here",
      async () => (await cell(page, 2000, 23).innerText()) === `${10 ** 15 + 1999}`,
    );
    await expect.poll(() => isCut(2000, 23)).toBe(true);
    const style = "(({ textOverflow, overflowX, textAlign }) => [textOverflow, overflowX, textAlign])";
    const look = `${style}(getComputedStyle(document.querySelector('.data-table tr[aria-rowindex="2001"] td:nth-child(24)')))`;
    await expect.poll(() => page.evaluate(look)).toEqual(["ellipsis", "hidden", "right"]);
  });
});

describe("in a low window, such as one at 200 % zoom", () => {
  test("the page scrolls down to the table, and every entry of a menu can be clicked", async () => {
    const low = await app.open("/?dataset=small.parquet&filter=id > 3&order=-id", {
      viewport: { width: 640, height: 380 },
      deviceScaleFactor: 2,
    });
    await cellsOfRow(low, 1);
    await cell(low, 4, 2).click({ button: "right" });
    await low.getByRole("menuitem", { name: "Show the row" }).click({ trial: true });
    await low.keyboard.press("Escape");
    await low.getByRole("columnheader", { name: "fare" }).click({ button: "right" });
    // The first and the last.
    await low.getByRole("menuitem", { name: "Sort ascending" }).click({ trial: true });
    await low.getByRole("menuitem", { name: "Pin up to here" }).click();
    await waitUntil("the URL has it", () => low.url().includes("pinned=2"));
    await unfold(low, "Tools");
    await low.getByRole("button", { name: "Columns" }).click();
    await low.getByRole("dialog", { name: "Columns" }).getByRole("checkbox", { name: /^paid/ }).uncheck();
    await waitUntil("the column is hidden", () => low.url().includes("column="));
    await low.context().close();
  });
});
