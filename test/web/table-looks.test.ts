import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, fixturesMs, startApp, type TestApp } from "./app.ts";
import { scroller } from "./grid.ts";

let app: TestApp;
let page: Page;
beforeAll(async () => {
  app = await startApp(["small"]);
  page = await app.open("/", { viewport: { width: 900, height: 600 } });
}, fixturesMs);
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

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
    expect(await page.evaluate(readTitles)).toEqual({ seen: [true, true], apart: 0 });
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
    const isCut = await page
      .locator('.data-table tr[aria-rowindex="2"] td')
      .first()
      .evaluate((cell: { scrollWidth: number; clientWidth: number }) => cell.scrollWidth > cell.clientWidth);
    expect(isCut).toBe(false);
  });
});

describe("rows of another filter", () => {
  test("take the place of those before, which are dimmed until then", async () => {
    await page.goto(`${app.server.url}/?dataset=small.parquet`);
    await cellsOfRow(page, 1);
    await page.route("**/DoGet", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue();
    });
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
    await waitUntil("the rows are there", async () => (await cellsOfRow(page, 1))[0] === "500");
    expect(await page.evaluate("[...looks]")).toEqual(["dimmed 0", "500"]);
    await page.unroute("**/DoGet");
  });
});
