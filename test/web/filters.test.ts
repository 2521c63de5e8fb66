import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { fixturesMs, runPython, useApp } from "./app.ts";

const app = useApp(["small"]);
let page: Page;
beforeAll(async () => {
  page = await app.open("/?dataset=small.parquet");
}, fixturesMs);
afterAll(async () => {
  await page.context().close();
});

const box = () => page.getByLabel("Filter rows");
const dialog = () => page.getByRole("dialog");
const status = (text: string) => page.locator(".status-bar").getByText(text);

async function waitForFilter(text: string): Promise<void> {
  await waitUntil(`the filter is ${text}`, async () => (await box().inputValue()) === text);
}

async function filterBy(text: string): Promise<void> {
  await box().fill(text);
  await page.keyboard.press("Enter");
}

describe("a filter with a mistake", () => {
  test("changes nothing but the message, which has a caret at the place", async () => {
    await filterBy("id < 500");
    await status("500 of 1,000 rows meet the filter").waitFor();
    // They are counted before they are drawn.
    await page.locator(".data-table:not([data-waiting])").waitFor();
    const before = await page.evaluate("history.length");
    await filterBy("id < 500 and vendr = 'x'");
    const alert = page.getByRole("alert");
    await alert.getByText("the filter at character 14: vendr is not a column of the dataset").waitFor();
    await expect.poll(() => alert.locator("mark").innerText()).toBe("vendr");
    await expect.poll(() => page.evaluate("history.length")).toBe(before);
    await expect.poll(() => page.locator(".data-table[data-waiting]").count()).toBe(0);
    await expect
      .poll(() => box().evaluate((element) => (element as unknown as { selectionStart: number }).selectionStart))
      .toBe(13);
    await status("500 of 1,000 rows meet the filter").waitFor();
    await box().fill("id < 500 and ");
    await expect.poll(() => alert.count()).toBe(0);
  });

  test.each([
    ["ID < 5", "did you mean id?"],
    ['zone = "7"', "a string is put in single quotes: '7'"],
    ["id == 5", "write = instead of =="],
    ["id < 5 && id > 2", "write AND instead of &&"],
    ["id betwen 1 and 2", "did you mean BETWEEN?"],
  ])("%s is told: %s", async (filter, hint) => {
    await filterBy(filter);
    await page.getByRole("alert").getByText(hint).waitFor();
  });
});

test("a filter's conditions are chips, each of which can be removed", async () => {
  await filterBy("id < 500 and (id > 489 or id = 3)");
  await status("11 of 1,000 rows meet the filter").waitFor();
  const chips = page.getByRole("list", { name: "Conditions" });
  await expect.poll(() => chips.locator("code").allInnerTexts()).toEqual(["id < 500", "(id > 489 or id = 3)"]);
  await chips.getByRole("button", { name: "Remove the condition id < 500" }).click();
  await status("511 of 1,000 rows meet the filter").waitFor();
  await expect.poll(() => box().inputValue()).toBe("(id > 489 or id = 3)");
  await chips.getByRole("button").click();
  await status("1,000 rows ·").waitFor();
  await expect.poll(() => chips.count()).toBe(0);
});

describe("the filter of a column's menu", () => {
  /** Opens the menu of a column, with a filter that is set already. */
  const open = async (column: string, filter = ""): Promise<void> => {
    const query = new URLSearchParams({ dataset: "small.parquet", column, filter });
    await page.goto(`${app.server.url}/?${query.toString()}`);
    await page
      .locator("th")
      .filter({ has: page.getByText(column, { exact: true }) })
      .hover();
    await page.getByLabel(`Column menu for ${column}`).click();
    await page.getByRole("menuitem", { name: "Filter…" }).click();
    await page.getByRole("dialog", { name: `Filter by ${column}` }).waitFor();
  };
  const apply = () => dialog().getByRole("button", { name: "Filter", exact: true }).click();

  test("has a range for numbers, in the place of what there was of the column", async () => {
    await open("id", "id < 3 and paid = true");
    await dialog().getByLabel("From", { exact: true }).fill("10");
    await dialog().getByLabel("To", { exact: true }).fill("x");
    await apply();
    await page.getByRole("alert").getByText("'x' is not a valid int64").waitFor();
    await dialog().getByLabel("To", { exact: true }).fill("19");
    await apply();
    await waitForFilter("paid = true and id between 10 and 19");
  });

  test("has a time in the zone that is shown, which it says", async () => {
    await open("pickup");
    await page.getByText("Both inclusive, in UTC, as times are shown (Format).").waitFor();
    await dialog().getByLabel("From", { exact: true }).fill("2023-11-14T22:30:05");
    await apply();
    await status("of 1,000 rows meet the filter").waitFor();
    await expect.poll(() => box().inputValue()).toBe("pickup >= '2023-11-14T22:30:05Z'");
  });

  test("has frequent values and a part for texts, and nulls", async () => {
    await open("note");
    await dialog().getByLabel("Contains", { exact: true }).fill("CASH");
    await page.getByRole("checkbox", { name: "late" }).waitFor();
    await apply();
    await waitForFilter("note icontains 'CASH'");
    await open("note", "note icontains 'CASH'");
    await page.getByRole("checkbox", { name: "late" }).check();
    await dialog().locator("select").selectOption("include");
    await apply();
    await waitForFilter("note = 'late' or note is null");
  });
});

test("columns, operators and frequent values are completed by the keyboard", async () => {
  await page.goto(`${app.server.url}/?dataset=small.parquet`);
  await box().focus();
  const offers = page.getByRole("listbox", { name: "Completions" });
  const take = async (typed: string, item: string): Promise<void> => {
    await page.keyboard.type(typed);
    await offers.getByRole("option", { name: item, exact: true }).waitFor();
    await page.keyboard.press("ArrowDown");
    await offers.locator("[aria-selected=true]").getByText(item, { exact: true }).waitFor();
    await page.keyboard.press("Enter");
  };
  await take("no", "note");
  await take("con", "contains");
  await page.keyboard.type("'late' ");
  await take("a", "and");
  await take("not", "note");
  await page.keyboard.type("= ");
  await take("'l", "'late'");
  await waitForFilter("note contains 'late' and note = 'late' ");
  await page.keyboard.press("Enter");
  await status("of 1,000 rows meet the filter").waitFor();
  await expect.poll(() => offers.count()).toBe(0);
});

test("fields of structs are completed, and their values", async () => {
  await runPython(app, `pq.write_table(pa.table({"place": [{"name": "Harlem"}, {"name": "Soho"}]}), "places.parquet")`);
  await page.goto(`${app.server.url}/?dataset=places.parquet`);
  await box().focus();
  const offers = page.getByRole("listbox", { name: "Completions" }).getByRole("option");
  await page.keyboard.type("place.");
  await waitUntil("the field is offered", async () => (await offers.allInnerTexts()).join() === "place.name");
  await page.keyboard.type("name = ");
  await waitUntil("values are offered", async () => (await offers.allInnerTexts()).join() === "'Harlem','Soho'");
});

test("the first and the last day of timestamps are offered, in the zone that is shown", async () => {
  const days = await runPython(
    app,
    `
import duckdb, json
zone = "America/New_York"
duckdb.sql(f"set timezone = '{zone}'")
days = duckdb.sql("select min(pickup)::date::text, max(pickup)::date::text from 'small.parquet'").fetchall()[0]
print(json.dumps([f"'{day} {zone}'" for day in dict.fromkeys(days)]))`,
  );
  await page.goto(`${app.server.url}/?dataset=small.parquet&format=column`);
  await box().focus();
  await page.keyboard.type("pickup >= ");
  const offers = page.getByRole("listbox", { name: "Completions" }).getByRole("option");
  const expected = JSON.parse(days) as string[];
  await waitUntil("the days are offered", async () => (await offers.allInnerTexts()).join() === expected.join());
});
