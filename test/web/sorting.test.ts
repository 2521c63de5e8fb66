import type { Page } from "playwright";
import { expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, runPython, useApp } from "./app.ts";
import { cell, expectCopied, scroller } from "./grid.ts";
import { holdRequests } from "./requests.ts";

const app = useApp(
  [],
  `
import numpy as np
r = np.random.default_rng(17)
row = np.arange(150_016)
columns = {"id": row, "bucket": (row * 7919 % 293).astype("int32")}
for i in range(24):
    columns[f"c{i:02}"] = r.normal(0, 100, len(row)).round(3) if i != 2 else np.array([f"w{n}" for n in range(99)])[r.integers(0, 99, len(row))]
pq.write_table(pa.table(columns), "sales.parquet")`,
);

/** The names of columns in the requests of a page, request by request. */
function columnsAsked(page: Page): string[][] {
  const asked: string[][] = [];
  page.on("request", (request) => {
    if (!request.url().endsWith("/GetFlightInfo")) return;
    const names = /"columns":\[([^\]]*)\]/.exec(request.postData() ?? "");
    if (names) asked.push(names[1]!.split(",").map((name) => name.replaceAll('"', "")));
  });
  return asked;
}

test("the server filters once for a sorted result: the columns in view come with that of the order", async () => {
  const page = await app.open("/");
  const asked = columnsAsked(page);
  await page.goto(`${app.server.url}/?dataset=sales.parquet&filter=bucket = 7&order=-c01`);
  const truth = await runPython(
    app,
    `
import duckdb, json
rows = duckdb.sql("select id, bucket, c00, c01, c23 from 'sales.parquet' where bucket = 7 order by c01 desc").fetchall()
print(json.dumps([len(rows), rows[0], rows[-1]]))`,
  );
  const [count, first, last] = JSON.parse(truth) as [number, unknown[], unknown[]];
  expect(count).toBe(512);
  await page.getByText(`512 of 150,016 rows meet the filter ·`).waitFor();
  await page.getByText("Sorted by c01, descending.").waitFor();
  await expect.poll(async () => (await cellsOfRow(page, 1)).slice(0, 4)).toEqual(first.slice(0, 4).map(String));
  // Nothing is read to count the rows, which are all here.
  expect(asked.length).toBe(1);
  expect(asked[0]!.slice(0, 4)).toEqual(["c01", "id", "bucket", "c00"]);
  expect(asked[0]).not.toContain("c23");

  const requestCount = asked.length;
  await page.getByLabel("Go to row").fill("512");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await cellsOfRow(page, 512)).slice(0, 4)).toEqual(last.slice(0, 4).map(String));
  expect(asked.length).toBe(requestCount);
  await scroller(page).evaluate((element) => (element.scrollLeft = element.scrollWidth));
  await waitUntil("the last column is here", async () => (await cellsOfRow(page, 512)).at(-1) === String(last[4]));
  expect(asked.length).toBeGreaterThan(requestCount);
  await page.context().close();
});

test("what is scrolled to is read with the column of another order too, and only then columns that are large", async () => {
  await runPython(
    app,
    `pq.write_table(pa.table({"n": range(200), "m": [n * 37 % 200 for n in range(200)], "text": ["word " * 80_000] * 200}), "long.parquet")`,
  );
  const page = await app.open("/?dataset=sales.parquet&filter=bucket = 7");
  const asked = columnsAsked(page);
  await page.getByText(`512 of 150,016 rows meet the filter ·`).waitFor();
  await scroller(page).evaluate((element) => (element.scrollLeft = element.scrollWidth));
  await waitUntil("the last column is here", async () => (await cellsOfRow(page, 1)).at(-1) !== "");
  asked.length = 0;
  await page.getByRole("columnheader", { name: "c23" }).click();
  await page.getByText("Sorted by c23, ascending.").waitFor();
  await cellsOfRow(page, 1);
  expect(asked.length).toBe(1);
  expect(asked[0]).toContain("c22");
  expect(asked[0]).not.toContain("id");

  await page.goto(`${app.server.url}/?dataset=long.parquet&filter=n >= 0&order=-m`);
  await expect.poll(async () => (await cellsOfRow(page, 1)).slice(0, 2)).toEqual(["27", "199"]);
  expect(asked.slice(1, 4)).toEqual([["m", "n", "text"], ["m"], ["n", "text"]]);
  await page.context().close();
});

test("what takes more than a second says how far it is, and can be cancelled", async () => {
  const page = await app.open("/?dataset=sales.parquet&column=id&column=c01");
  await cellsOfRow(page, 1);
  const gate = Promise.withResolvers<void>();
  await holdRequests(page, "**/DoGet", () => gate.promise);
  const cancel = async (what: string): Promise<void> => {
    const button = page.getByRole("button", { name: `Cancel: ${what}` });
    await page.getByRole("progressbar", { name: `${what}…` }).waitFor();
    await button.click();
    await button.waitFor({ state: "detached" });
  };
  await page.getByRole("columnheader", { name: "c01" }).click();
  await cancel("Sorting by c01");
  await waitUntil("the order is taken back", () => !page.url().includes("order="));
  await cell(page, 1, 1).click();
  await cell(page, 9, 2).click({ modifiers: ["Shift"] });
  await page.evaluate("navigator.clipboard.writeText('before')");
  await page.keyboard.press("Control+c");
  await cancel("Copying 18 cells");
  await page.getByText("nothing was copied").waitFor();
  await expectCopied(page, "before");
  await page.getByLabel("Filter rows").fill("bucket < 9");
  await page.keyboard.press("Enter");
  await cancel("Counting the rows that meet the filter");
  await page.getByText("as far as they have been counted").waitFor();
  gate.resolve();
  await page.getByRole("button", { name: "Count on" }).click();
  await page.getByText(/^4,608 of 150,016 rows meet the filter ·/).waitFor();
  await page.context().close();
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
