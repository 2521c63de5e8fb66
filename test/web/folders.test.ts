import { copyFile, mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { formatBytes } from "../../web/src/ui/format.ts";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, fixturesMs, useApp } from "./app.ts";

/* 2,000 datasets of 1,000 rows in 20 years of 10 months each, and one beside the folders. */

const years = Array.from({ length: 20 }, (_, i) => `${2000 + i}`);
const months = Array.from({ length: 10 }, (_, i) => `month ${i + 1}`);
const app = useApp(["small"]);
let byteLength: number;
const at = (name: string): string => join(app.server.repo, name);

beforeAll(async () => {
  byteLength = (await stat(at("small.parquet"))).size;
  for (const year of years) {
    for (const month of months) {
      await mkdir(at(`years/${year}/${month}`), { recursive: true });
      const copies = Array.from({ length: 10 }, (_, i) => at(`years/${year}/${month}/part-${i}.parquet`));
      await Promise.all(copies.map((copy) => copyFile(at("small.parquet"), copy)));
    }
  }
}, fixturesMs);

const row = (page: Page, name: string) =>
  page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
const grid = (page: Page) => page.getByRole("treegrid", { name: "Datasets" });
/** The text of the row that the keys are at. */
const activeRow = (page: Page): Promise<string> =>
  page.evaluate(
    `document.getElementById(document.activeElement.getAttribute("aria-activedescendant"))?.cells[0].innerText ?? ""`,
  );

describe("folders", () => {
  test("show how many datasets they have, their rows and their size, and open in their place", async () => {
    const page = await app.open("/");
    await page.getByText(`2,001 datasets · ${formatBytes(2001 * byteLength)}`).waitFor();
    for (const text of ["2,000 datasets", "2,000,000", formatBytes(2000 * byteLength)])
      await expect.poll(() => row(page, "years/").innerText()).toContain(text);
    await page.getByRole("button", { name: "Open the folder years" }).click();
    await page.getByRole("button", { name: "Open the folder years/2019", exact: true }).click();
    await expect.poll(() => row(page, "2019/").innerText()).toMatch(/100 datasets\s+100,000/);
    await expect.poll(() => row(page, "month 10/").getAttribute("aria-level")).toBe("3");
    await page.context().close();
  });

  test("are in the URL, with the way back to those around them, and are searched alone", async () => {
    const page = await app.open("/");
    await page.getByRole("link", { name: "years/" }).click();
    await page.getByRole("link", { name: "2004/" }).click();
    await expect.poll(() => new URL(page.url()).search).toBe("?folder=years%2F2004");
    await page.getByText("100 datasets ·").waitFor();
    await expect
      .poll(() => page.getByRole("navigation", { name: "Folders" }).innerText())
      .toMatch(/Datasets\s+years\s+2004/);
    await page.getByLabel("Search datasets by name").fill("month 7 part-3");
    await page.getByText("1 of 100 datasets").waitFor();
    await page.getByRole("link", { name: "month 7/part-3.parquet" }).click();
    await cellsOfRow(page, 1);
    await expect.poll(() => new URL(page.url()).searchParams.get("dataset")).toBe("years/2004/month 7/part-3.parquet");
    await page.goBack();
    await page.getByText("1 of 100 datasets").waitFor();
    await page.getByRole("link", { name: "years", exact: true }).click();
    await page.getByRole("heading", { name: "years" }).waitFor();
    await expect.poll(() => row(page, "2019/").count()).toBe(1);
    await page.goto(`${app.server.url}/?folder=years/1999`);
    await page.getByRole("heading", { name: "There is no folder “years/1999”" }).waitFor();
    await page.context().close();
  });

  test("are walked by keys, and thousands of open rows are drawn as far as they are in view", async () => {
    const page = await app.open("/?folder=years");
    for (const year of years)
      await page.getByRole("button", { name: `Open the folder years/${year}`, exact: true }).click();
    await grid(page).focus();
    const press = async (keys: string, expected: string): Promise<void> => {
      for (const key of keys.split(" ")) await page.keyboard.press(key);
      // What is far away is drawn once the list has been scrolled there.
      await waitUntil(`${keys} leads to ${expected}`, async () => (await activeRow(page)).includes(expected));
    };
    await press("Home", "2000/");
    await press("ArrowRight ArrowRight", "month 1/");
    await press("ArrowRight ArrowDown", "part-1.parquet");
    await press("ArrowLeft", "month 1/");
    await press("ArrowLeft ArrowLeft", "2000/");
    await press("ArrowLeft ArrowDown", "2001/");
    await press("End", "month 10/");
    await expect.poll(() => grid(page).locator("tbody tr").count()).toBeLessThan(100);
    await press("ArrowUp ArrowUp PageUp PageDown", "month 8/");
    await press("End", "month 10/");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "month 10" }).waitFor();
    await grid(page).focus();
    await press("ArrowDown", "part-0.parquet");
    await page.keyboard.press("Enter");
    await cellsOfRow(page, 1);
    await expect.poll(() => new URL(page.url()).searchParams.get("dataset")).toBe("years/2019/month 10/part-0.parquet");
    await page.context().close();
  });
});

describe("datasets that others add and delete", () => {
  test("are noticed when somebody comes back to the page, or asks", async () => {
    const page = await app.open("/");
    await page.getByText("2,001 datasets").waitFor();
    await copyFile(at("small.parquet"), at("new.parquet"));
    await waitUntil("the page has been looked at for a while", async () => {
      await page.evaluate("dispatchEvent(new Event('focus'))");
      return (await page.getByRole("link", { name: "new.parquet" }).count()) > 0;
    });
    await page.getByText("2,002 datasets").waitFor();
    await rm(at("new.parquet"));
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("2,001 datasets").waitFor();
    await expect.poll(() => page.getByRole("link", { name: "new.parquet" }).count()).toBe(0);
    await page.context().close();
  });
});

describe("a folder as one dataset", () => {
  test("is opened from its list, and has the rows of all files and their partitions", async () => {
    for (const year of ["2025", "2026"]) {
      await mkdir(at(`rides/year=${year}`), { recursive: true });
      await copyFile(at("small.parquet"), at(`rides/year=${year}/part.parquet`));
    }
    const page = await app.open("/?folder=rides");
    await page.getByRole("link", { name: "All files of this folder as one dataset" }).click();
    await page.getByText("2,000 rows · 11 columns").waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("dataset")).toBe("rides/**");
    await cellsOfRow(page, 1);
    await expect.poll(() => page.getByRole("button", { name: "Delete…" }).count()).toBe(0);
    await page.goto(
      `${app.server.url}/?dataset=rides/**&column=id&column=year&filter=${encodeURIComponent("year = 2026")}`,
    );
    await page.getByText("1,000 of 2,000 rows").waitFor();
    await expect.poll(() => cellsOfRow(page, 1)).toContain("2026");
    await page.getByRole("link", { name: "Schema and file" }).click();
    await page.getByRole("row", { name: /year.*int64/ }).waitFor();
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
