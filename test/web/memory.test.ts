import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { heldBytes, peakDuring } from "../support/tab-memory.ts";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, fixturesMs, startApp, type TestApp } from "./app.ts";

/** What a tab may hold besides what it held with an empty page: far above what was measured (docs/web.md), far below what it looks at. */
const heldBytesMax = 700_000_000;

let app: TestApp;
beforeAll(async () => {
  app = await startApp(["rides", "texts"]);
}, fixturesMs);
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

test.each<[string, string, (page: Page) => Promise<unknown>]>([
  [
    "goes through four million rows",
    "/?dataset=rides.parquet",
    async (page) => {
      for (let i = 1; i <= 40; i++) {
        await page.getByLabel("Go to row").fill(String(i * 99_999));
        await page.keyboard.press("Enter");
        expect((await cellsOfRow(page, i * 99_999))[0]).toBe(String(i * 99_999 - 1));
      }
    },
  ],
  [
    "looks at all values of ten columns",
    "/?dataset=rides.parquet&tab=columns",
    async (page) => {
      await page.getByRole("button", { name: "Look at all rows" }).click();
      await page.getByText("Of all 4,000,000 rows.").waitFor({ timeout: fixturesMs });
    },
  ],
  [
    "draws a plot out of them",
    "/?dataset=rides.parquet&tab=plot&x=pickup&y=fare&colour=zone",
    async (page) => await page.getByText("drawn at random").waitFor(),
  ],
  [
    "sorts a hundred thousand of them",
    "/?dataset=rides.parquet&order=-fare",
    async (page) => {
      await page.getByText("the first 100,000 of 4,000,000 rows only").waitFor();
      expect((await cellsOfRow(page, 1))[1]).toBe("100.06");
    },
  ],
  [
    "sorts rows of which each is large, as many as it may hold",
    "/?dataset=texts.parquet&order=-id",
    async (page) => {
      await page.getByText(/the first [\d,]+ of 1,500 rows only/).waitFor();
      await waitUntil("the rows are sorted", async () => Number((await cellsOfRow(page, 1))[0]) < 1499);
    },
  ],
])("a tab that %s holds little", async (what, path, work) => {
  const page = await app.open("/");
  const before = await heldBytes(app.browser);
  const peak = await peakDuring(
    app.browser,
    page.goto(app.server.url + path).then(async () => await work(page)),
  );
  // The figures of docs/web.md.
  process.stdout.write(`${what}: ${Math.round((peak - before) / 1e6)} MB\n`);
  expect(peak - before).toBeLessThan(heldBytesMax);
  await page.context().close();
});
