import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, useApp } from "./app.ts";
import { cell, focused, scroller } from "./grid.ts";

const app = useApp(["rides"]);

describe("the table of four million rows", () => {
  test.each([
    ["a title is clicked", async (page: Page) => await page.getByRole("columnheader", { name: "tip" }).click()],
    [
      "and one goes on before the sorted rows have come",
      async (page: Page) => {
        await page.getByRole("columnheader", { name: "tip" }).click();
        await page.getByLabel("Go to row").fill("3900000");
        await page.keyboard.press("Enter");
      },
    ],
  ])("is sorted from a row far down, from the top: %s", async (_, sort) => {
    const page = await app.open("/?dataset=rides.parquet&row=3000000");
    await expect.poll(async () => (await cellsOfRow(page, 3_000_000))[0]).toBe("2999999");
    await sort(page);
    await page.getByText("the first 100,000 of 4,000,000 rows only").waitFor();
    await scroller(page).evaluate((element) => (element.scrollTop = 0));
    await waitUntil("the rows are sorted", async () => (await cellsOfRow(page, 1))[6] === "0");
    let requests = 0;
    page.on("request", () => (requests += 1));
    await page.waitForTimeout(1000);
    expect(requests).toBeLessThan(10);
    await page.goBack();
    await page.context().close();
  });

  test("is filtered from a row far down, from the top, and leaves the focus where one types", async () => {
    const page = await app.open("/?dataset=rides.parquet&row=3000000");
    await cellsOfRow(page, 3_000_000);
    await page.getByLabel("Filter rows").fill("id < 50000");
    await page.keyboard.press("Enter");
    await page.getByText("50,000 of 4,000,000 rows meet the filter ·").waitFor();
    await expect.poll(async () => (await cellsOfRow(page, 1))[0]).toBe("0");
    await expect.poll(() => page.evaluate("document.activeElement.ariaLabel")).toBe("Filter rows");
    await expect.poll(() => page.url()).not.toContain("row=");
    await page.context().close();
  });

  test("stays about where it is when a column is hidden, and goes to the top when Back takes a row away", async () => {
    const page = await app.open("/?dataset=rides.parquet");
    await cellsOfRow(page, 1);
    await page.getByLabel("Go to row").fill("2000000");
    await page.keyboard.press("Enter");
    await cellsOfRow(page, 2_000_000);
    await page.getByRole("columnheader", { name: "vendor" }).hover();
    await page.getByLabel("Column menu for vendor").click();
    await page.getByRole("menuitem", { name: "Hide column" }).click();
    await waitUntil("the column is gone", async () => (await page.locator(".data-table th .name").count()) === 9);
    const firstRow = async (): Promise<number> =>
      Number(await page.locator(".data-table tbody tr").first().getAttribute("data-rownumber"));
    await waitUntil("the table is where it was", async () => Math.abs((await firstRow()) - 2_000_000) < 200);
    await page.goBack();
    await page.goBack();
    await waitUntil("the table is at its top", async () => (await firstRow()) === 0);
    await page.context().close();
  });

  test("keeps the focus on its way down by pages, among millions of rows", async () => {
    const page = await app.open("/?dataset=rides.parquet&row=2000000");
    await cellsOfRow(page, 2_000_000);
    await cell(page, 2_000_000, 2).click();
    for (let i = 0; i < 5; i++) {
      const before = Number((await focused(page)).split(",")[0]);
      await page.keyboard.press("PageDown");
      await waitUntil("the focus is further down", async () => Number((await focused(page)).split(",")[0]) > before);
      await cellsOfRow(page, Number((await focused(page)).split(",")[0]) - 1);
      await page.waitForTimeout(300);
    }
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
