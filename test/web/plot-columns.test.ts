import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { fixturesMs, runPython, startApp, type TestApp } from "./app.ts";

/** People with an age and a city in a struct, hour by hour over a change of the clocks; and what DuckDB and pyarrow say. */
const program = `
import json, duckdb, numpy as np, pyarrow.compute as pc
n = 1200
row = np.arange(n)
person = [None if i % 7 == 0 else {"age": None if i % 5 == 0 else i % 90, "home": {"city": ["Lima", "Oslo", "Pune"][i % 3]}} for i in range(n)]
at = pa.array(1_791_849_600_000 + row * 3_600_000, pa.timestamp("ms", "America/New_York"))
table = pa.table({
    "height": row % 50 / 2, "kind": [["a", None, "(null)", "b"][i % 11 % 4] for i in range(n)],
    "code": [f"x{i}" for i in range(n)], "at": at, "vendor": [["one", "two"][i % 2] for i in range(n)],
    "person": pa.array(person, pa.struct({"age": pa.int32(), "home": pa.struct({"city": pa.string()})})),
})
pq.write_table(table, "people.parquet")
ask = lambda sql: duckdb.sql(sql).fetchall()[0]
days = pc.value_counts(pc.floor_temporal(at, unit="day"))
by_day = {str(each["values"])[:10]: each["counts"] for each in days.to_pylist()}
json.dump({
    "median": ask("select median(height), count(*) from 'people.parquet' where person.home.city = 'Oslo' and height is not null"),
    "part": ask("select count(*) from 'people.parquet' where person.age >= 30 and person.age < 40")[0],
    "old": ask("select count(*) from 'people.parquet' where person.age >= 70")[0],
    "kinds": duckdb.sql("select kind, count(*) from 'people.parquet' group by kind order by kind nulls last").fetchall(),
    "changed": by_day["2026-11-01"], "usual": by_day["2026-11-02"],
}, open(".truth.json", "w"))
`;

interface Truth {
  readonly median: readonly [median: number, count: number];
  readonly part: number;
  readonly old: number;
  readonly kinds: readonly (readonly [kind: string | null, count: number])[];
  readonly changed: number;
  readonly usual: number;
}

let app: TestApp;
let page: Page;
let truth: Truth;
beforeAll(async () => {
  app = await startApp([]);
  await runPython(app, program);
  truth = JSON.parse(await readFile(join(app.server.repo, ".truth.json"), "utf8")) as Truth;
  page = await app.open("/", { timezoneId: "Asia/Tokyo" });
}, fixturesMs);
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

/** Opens a plot, once it is drawn. */
async function openPlot(query: string, name: string): Promise<void> {
  await page.goto(`${app.server.url}/?tab=plot&dataset=people.parquet&${query}`);
  await page.getByRole("img", { name, exact: true }).locator(".figure-svg").waitFor();
}

/** Goes to marks by keys. */
async function press(...keys: readonly string[]): Promise<void> {
  await page.locator(".figure").focus();
  for (const key of keys) await page.keyboard.press(key);
}

/** What is said of the mark that keys have come to. */
const told = async (): Promise<string> => (await page.locator(".figure-mark p").innerText()).replaceAll("\n", "; ");

const counted = (count: number): string => `${count} of 1,200 rows meet the filter ·`;

test("fields of structs are axes of plots, and are looked at closer", async () => {
  await openPlot("x=person.home.city&y=height&chart=box", "Boxes of height by person.home.city");
  const [median, count] = truth.median;
  await press("Home", "ArrowRight");
  await expect.poll(told).toMatch(new RegExp(`^Oslo; median ${median};.*; ${count} rows$`));
  await page.getByLabel("X", { exact: true }).selectOption("person.age");
  await page.getByLabel("Chart").selectOption("Histogram");
  await page.getByRole("img", { name: "Histogram of person.age" }).waitFor();
  await openPlot("x=person.age&chart=histogram&zoom=30_39", "Histogram of person.age");
  await page.getByText(`All ${truth.part} rows of this part.`).waitFor();
});

test("fields of structs are filtered by a bar, and by a form, instead of what a filter says of them", async () => {
  await page.goto(`${app.server.url}/?tab=columns&dataset=people.parquet&column=person.age&column=height`);
  const bars = page.getByRole("group", { name: "Values of person.age" }).getByRole("button");
  const filterOf = (): string | null => new URL(page.url()).searchParams.get("filter");
  await bars.first().click();
  await waitUntil("a bar filters", () => filterOf()?.startsWith("person.age") === true);
  await page.getByRole("button", { name: "Show all values of person.age" }).click();
  await waitUntil("all values are shown", () => filterOf() === null);
  await page.goto(`${app.server.url}/?dataset=people.parquet&column=person.age&filter=person.age < 20`);
  await page.getByText("rows meet the filter ·").waitFor();
  await page.getByRole("columnheader", { name: "person.age" }).hover();
  await page.getByLabel("Column menu for person.age").click();
  await page.getByRole("menuitem", { name: "Filter…" }).click();
  await page.getByLabel("From").fill("70");
  await page.keyboard.press("Enter");
  await page.getByText(counted(truth.old)).waitFor();
  await expect.poll(() => filterOf()).toBe("person.age >= 70");
});

test("the bar of nulls is grey and the last one, and told apart from a text", async () => {
  await openPlot("x=kind&chart=bar", "Bars of kind");
  const bars = page.locator(".figure-svg [aria-label=bar] rect");
  const fills = (): Promise<string[]> =>
    bars.evaluateAll((all) =>
      all.map((bar) => (bar as unknown as { getAttribute(name: string): string }).getAttribute("fill")),
    );
  const colours = truth.kinds.map(([kind]) => (kind === null ? "var(--series-null)" : "var(--series-1)"));
  await expect.poll(fills).toEqual(colours);
  const [text] = truth.kinds;
  await press("Home");
  await expect.poll(told).toBe(`(null) (2); ${text![1]} rows`);
  const [kind, count] = truth.kinds.at(-1)!;
  expect(kind).toBe(null);
  await press("End");
  await expect.poll(told).toBe(`(null); ${count} rows`);
});

test("a mark that keys have come to is shown in its own part of a stack", async () => {
  await openPlot("x=vendor&colour=kind&chart=bar", "Bars of vendor");
  await press("Home", "ArrowUp", "ArrowUp");
  await expect.poll(told).toMatch(/^one; b; /);
  const isInside = async (): Promise<boolean> => {
    const [mark, bar] = await Promise.all(
      [page.locator(".figure-mark"), page.locator(".figure-svg [aria-label=bar] rect").nth(2)].map(
        async (each) => (await each.boundingBox())!,
      ),
    );
    const [x, y] = [mark!.x + mark!.width / 2, mark!.y + mark!.height / 2];
    return x > bar!.x && x < bar!.x + bar!.width && y > bar!.y && y < bar!.y + bar!.height;
  };
  await expect.poll(isInside).toBe(true);
});

test("a column whose values all differ says so, and lists none", async () => {
  await page.goto(`${app.server.url}/?tab=columns&dataset=people.parquet`);
  const code = page.getByRole("listitem", { name: "code" });
  await code.getByText("All values differ.").waitFor();
  await expect.poll(() => code.getByRole("button").count()).toBe(0);
  await expect.poll(() => page.getByRole("listitem", { name: "vendor" }).getByRole("button").count()).toBe(2);
});

test("times stand where the clocks of a chosen zone have them, also on the day when these change", async () => {
  await openPlot("x=at&chart=histogram", "Histogram of at");
  const label = page.locator(".figure-svg [aria-label='x-axis label']");
  await expect.poll(() => label.textContent()).toBe("at (UTC)");
  await page.getByLabel("Zone").selectOption("Local (Asia/Tokyo)");
  await waitUntil("the axis has local times", async () => (await label.textContent()) === "at (Asia/Tokyo)");
  await press("Home");
  await expect.poll(told).toContain("at: 2026-10-13 to 2026-10-14; 15 rows");
  await page.getByLabel("Zone").selectOption("The column's own zone");
  await waitUntil("the axis has its times", async () => (await label.textContent()) === "at (America/New_York)");
  await expect.poll(() => new URL(page.url()).searchParams.get("format")).toBe("column");
  await press("Home", ...Array<string>(20).fill("ArrowRight"));
  await expect.poll(told).toContain(`at: 2026-11-01 to 2026-11-02; ${truth.changed} rows`);
  await press("ArrowRight");
  await expect.poll(told).toContain(`${truth.usual} rows`);
  const [from, to] = [Date.UTC(2026, 10, 1), Date.UTC(2026, 10, 2) - 1];
  await openPlot(`x=at&y=height&chart=points&format=column&zoom=${from}_${to}`, "Points of height by at");
  await page.getByText(`All ${truth.changed} rows of this part.`).waitFor();
  // A plot without such times has no zone to choose.
  await page.getByLabel("X", { exact: true }).selectOption("height");
  await page.getByLabel("Zone").waitFor({ state: "detached" });
});

test("the buttons at a plot stay on one line, however much stands beside them", async () => {
  await openPlot("x=at&chart=line&y=height&zoom=1791849600000_1795000000000", "Line of height by at");
  const buttons = page.locator(".plot-area .note button");
  for (let width = 320; width <= 1280; width += 120) {
    await page.setViewportSize({ width, height: 800 });
    const lines = async (): Promise<number> => {
      const boxes = await Promise.all((await buttons.all()).map(async (button) => (await button.boundingBox())!));
      return new Set(boxes.map(({ y, height }) => `${y} ${height}`)).size;
    };
    await expect.poll(lines, { message: `${width} pixels` }).toBe(1);
  }
});

test("a colour that a chart does not show is named, with what shows it", async () => {
  const words = page.locator(".plot-area .note [role=status]");
  for (const chart of ["line", "histogram"]) {
    await openPlot(
      `x=at&y=height&chart=${chart}&colour=person.age`,
      chart === "line" ? "Line of height by at" : "Histogram of at",
    );
    await words.getByText("person.age is not shown: this chart has colours for groups only").waitFor();
  }
  await openPlot("x=at&y=height&chart=heat&colour=person.age", "Heat map of height by at");
  await words.getByText("Choose the mean of Colour to show person.age.").waitFor();
  await page.getByLabel("Show").selectOption("mean");
  await words.getByText("Choose the mean").waitFor({ state: "detached" });
  await openPlot("x=at&y=height&chart=line&colour=vendor", "Line of height by at");
  expect(await words.innerText()).not.toContain("not shown");
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
