import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, fixturesMs, useApp } from "./app.ts";
import { cell } from "./grid.ts";

const app = useApp(["small", "wide"]);
let page: Page;
beforeAll(async () => {
  page = await app.open("/", { viewport: { width: 390, height: 700 } });
}, fixturesMs);

const rows = "/?dataset=small.parquet";
const goTo = async (path: string): Promise<void> => {
  await page.goto(app.server.url + path);
  await cellsOfRow(page, 1);
};
const button = (name: string) => page.getByRole("button", { name, exact: true });

describe("on a phone", () => {
  test("the rows have two thirds of the window, and more than half below a filter", async () => {
    const top = async (): Promise<number | undefined> => (await cell(page, 1, 1).boundingBox())?.y;
    await goTo(rows);
    await expect.poll(top).toBeLessThan(700 / 3 + 44);
    await goTo(`${rows}&filter=id > 3`);
    await expect.poll(top).toBeLessThan(350);
  });

  test("tools and actions open by key, and say whether they are open", async () => {
    await goTo(rows);
    for (const [title, inside] of [
      ["Tools", "Format"],
      ["Actions", "Use this data"],
    ] as const) {
      expect(await button(inside).isVisible()).toBe(false);
      expect(await button(title).getAttribute("aria-expanded")).toBe("false");
      await button(title).press("Enter");
      await button(inside).waitFor();
      await expect.poll(() => button(title).getAttribute("aria-expanded")).toBe("true");
      await page.keyboard.press("Tab");
      await expect.poll(() => page.locator(`.foldable[data-open] :focus`).count()).toBe(1);
      await button(title).press("Enter");
      await button(inside).waitFor({ state: "hidden" });
    }
  });

  test("columns that are not shown lead to the menu of columns, and the focus comes back", async () => {
    await goTo("/?dataset=wide.parquet");
    await button("960 more…").click();
    const menu = page.getByRole("dialog", { name: "Columns" });
    await menu.getByRole("checkbox", { name: /^column_0000/ }).waitFor();
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "hidden" });
    await button("Columns").waitFor({ state: "hidden" });
    await waitUntil("the focus is back", () => button("960 more…").evaluate((each) => each.matches(":focus")));
  });

  test("a dialog stays when the window becomes narrow", async () => {
    await page.setViewportSize({ width: 900, height: 700 });
    await goTo(rows);
    expect(await button("Actions").isVisible()).toBe(false);
    await button("Delete…").click();
    await page.setViewportSize({ width: 390, height: 700 });
    await page.getByRole("dialog", { name: "Delete small.parquet?" }).getByRole("button", { name: "Keep it" }).click();
    await button("Delete…").waitFor({ state: "hidden" });
  });
});

test("the hint of a filter has one line, beside the choices of a plot too", async () => {
  await page.setViewportSize({ width: 800, height: 700 });
  await page.goto(`${app.server.url}${rows}&tab=plot&x=pickup&y=distance&chart=line`);
  const filter = page.getByLabel("Filter rows");
  await filter.waitFor();
  for (let width = 1280; width > 390; width -= 40) {
    await page.setViewportSize({ width, height: 700 });
    const height = async (): Promise<number | undefined> => (await filter.boundingBox())?.height;
    await expect.poll(height, { message: `${width} wide` }).toBeLessThan(30);
  }
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
