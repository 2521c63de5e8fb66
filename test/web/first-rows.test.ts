import type { Page } from "playwright";
import { expect, test } from "vitest";
import { cellsOfRow, useApp } from "./app.ts";
import { refuseRequests } from "./requests.ts";

const app = useApp(["rides", "wide"]);

/** Opens an empty page, and notes the requests for rows that it makes from then on. */
async function openNoted(): Promise<{ page: Page; reads: string[] }> {
  const page = await app.open("/");
  const reads: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/DoGet")) reads.push(request.postDataBuffer()?.toString("latin1") ?? "");
  });
  return { page, reads };
}

/** On a busy machine the table is drawn before its rows have come, and reads them itself. */
const triesMax = 20;

test.each(["rides", "wide"])("the first rows of %s come by one read, which has the columns in view", async (name) => {
  let reads: string[] = [];
  for (let i = 0; i < triesMax && reads.length !== 1; i++) {
    const noted = await openNoted();
    await noted.page.goto(`${app.server.url}/?dataset=${name}.parquet`);
    await cellsOfRow(noted.page, 10);
    reads = noted.reads;
    await noted.page.context().close();
  }
  expect(reads).toHaveLength(1);
  expect(reads[0]).toMatch(/"limit":(128|100)}/);
  expect(JSON.parse(/"columns":(\[.*?\])/.exec(reads[0]!)![1]!).length).toBeLessThanOrEqual(12);
});

test("rows that could not be read ahead are read by the table", async () => {
  const { page, reads } = await openNoted();
  await refuseRequests(page, "**/DoGet", 1);
  await page.goto(`${app.server.url}/?dataset=rides.parquet`);
  await expect.poll(async () => (await cellsOfRow(page, 1))[0]).toBe("0");
  expect(reads.length).toBeGreaterThan(1);
  await page.context().close();
});

test("cells that wait for their rows do not move", async () => {
  const { page } = await openNoted();
  await page.route("**/DoGet", () => {});
  await page.goto(`${app.server.url}/?dataset=rides.parquet`);
  await page.locator('.data-table td[aria-busy="true"]').first().waitFor();
  await expect.poll(() => page.evaluate("document.getAnimations().length")).toBe(0);
  await page.context().close();
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
