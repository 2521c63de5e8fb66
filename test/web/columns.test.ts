import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { fixturesMs, runPython, useApp } from "./app.ts";
import { holdRequests } from "./requests.ts";

/** Values that are alike for long, infinite ones, and what pyarrow says of them. */
const program = `
import json, numpy as np, pyarrow.compute as pc
n = 60_000
row = np.arange(n)
random = np.random.default_rng(5)
long = "https://example.org/" + "path/" * 20
reals = random.normal(50, 12, n).round(3)
odd = np.where(row % 1000 == 1, np.inf, np.where(row % 1000 == 2, -np.inf, np.where(row % 1000 == 3, np.nan, reals)))
table = pa.table({
    "urls": [long + "abcd"[i % 4] for i in row],
    "texts": [long + str(i % 2048) for i in row],
    "bytes": pa.array([b"\\x00" * 90 + bytes([i % 7]) for i in row], pa.binary()),
    "reals": odd,
    "single": pa.array([0.1, 0.7, 0.30000001192092896] * (n // 3), pa.float32()),
    "decimal": pa.array(row * 3 % 1000).cast(pa.decimal128(21, 2)),
    "when": pa.array(1_700_000_000_000_000 + row * 60_000_000, pa.timestamp("us")),
    "id": row,
    "few": row % 7,
})
pq.write_table(table, "kinds.parquet", row_group_size=7000)
finite = table.filter(pc.is_finite(table["reals"]))["reals"]
def figures(column):
    return [pc.mean(column).as_py(), pc.stddev(column, ddof=1).as_py(), *pc.quantile(column, [0.05, 0.5, 0.95]).to_pylist()]
json.dump({
    "min": pc.min(finite).as_py(), "max": pc.max(finite).as_py(), "id": figures(table["id"]), "reals": figures(finite),
    "few": figures(table["few"]), "distinct": pc.count_distinct(table["reals"]).as_py(),
    "mean": str(pc.mean(table["when"].cast(pa.int64())).as_py()),
}, open(".truth.json", "w"))
pq.write_table(pa.table({"n": range(50), "f": [1.5] * 50}), "few.parquet")
`;

interface Truth {
  readonly min: number;
  readonly max: number;
  readonly distinct: number;
  readonly id: readonly number[];
  readonly reals: readonly number[];
  readonly few: readonly number[];
}

const app = useApp([], program);
let page: Page;
let truth: Truth;
beforeAll(async () => {
  truth = JSON.parse(await readFile(join(app.server.repo, ".truth.json"), "utf8")) as Truth;
  page = await app.open("/?dataset=kinds.parquet&tab=columns");
  await page.getByText("Statistics of all 60,000 rows.").waitFor();
}, fixturesMs);

const itemOf = (name: string): Locator => page.getByRole("listitem", { name, exact: true });

/** The figures of a column, by their titles. */
async function factsOf(name: string): Promise<Record<string, string>> {
  const facts = await itemOf(name).locator("dl > div").allInnerTexts();
  return Object.fromEntries(facts.map((fact) => fact.split("\n") as [string, string]));
}

const numberOf = (text: string | undefined): number => Number(text?.replace(/[≈,\s]/g, ""));

describe("the columns tab", () => {
  test("tells values apart that begin alike", async () => {
    await expect.poll(async () => (await factsOf("urls"))["Distinct"]).toBe("4");
    await expect
      .poll(() => itemOf("urls").locator(".top-values .number").allInnerTexts())
      .toEqual(["25 %", "25 %", "25 %", "25 %"]);
    await expect
      .poll(async () => (await itemOf("urls").locator(".top-values .text").allInnerTexts()).sort())
      .toEqual([..."abcd"].map((end) => `…path/path/${end}`));
    await expect.poll(async () => (await factsOf("texts"))["Distinct"]).toBe("2,048");
    await expect.poll(async () => (await factsOf("bytes"))["Distinct"]).toBe("7");
    await expect.poll(async () => (await factsOf("decimal"))["Distinct"]).toBe("1,000");
    const { Min: min, Max: max } = await factsOf("urls");
    expect([min?.at(-1), max?.at(-1)]).toEqual(["a", "d"]);
    await expect.poll(async () => (await factsOf("bytes"))["Max"]).toMatch(/^0x0+…$/);
  });

  test("has the finite range of numbers, and counts NaN and infinities apart", async () => {
    const { Min: min, Max: max } = await factsOf("reals");
    expect([Number(min), Number(max)]).toEqual([truth.min, truth.max]);
    await expect.poll(() => itemOf("reals").locator(".edges").innerText()).toBe(`${min}\n${max}`);
    await expect.poll(() => itemOf("reals").innerText()).toContain("60 rows NaN, 60 rows Infinity, 60 rows -Infinity");
    await expect.poll(() => itemOf("reals").locator(".bars").innerHTML()).not.toContain("Infinity");
  });

  test("has the mean, the deviation, quantiles and distinct values that pyarrow has", async () => {
    for (const name of ["reals", "id", "few"] as const) {
      const facts = await factsOf(name);
      const [mean, deviation, ...quantiles] = truth[name];
      expect([name, numberOf(facts["Mean"])]).toEqual([name, Number(mean!.toPrecision(9))]);
      expect([name, numberOf(facts["Std. dev."])]).toEqual([name, Number(deviation!.toPrecision(9))]);
      // A sample of 16,384 values: four standard errors of the share below.
      for (const [i, title] of ["5 %", "Median", "95 %"].entries()) {
        const apart = Math.abs(numberOf(facts[title]) - quantiles[i]!);
        expect([name, title, apart <= 0.06 * deviation!]).toEqual([name, title, true]);
      }
    }
    const distinct = (await factsOf("reals"))["Distinct"];
    expect(distinct).toContain("≈");
    expect(Math.abs(numberOf(distinct) / truth.distinct - 1)).toBeLessThan(0.07);
    await expect.poll(() => itemOf("reals").locator("dd[title*=HyperLogLog]").count()).toBe(1);
  });

  test("has times as times, exact figures of few values, and floats of 32 bits as short as they are", async () => {
    const when = await factsOf("when");
    expect(when["Mean"]).toBe("2023-12-05 18:12:50");
    expect(when["Std. dev."]).toBe("12.03 d");
    const single = await factsOf("single");
    expect([single["Min"], single["Max"], single["Distinct"]]).toEqual(["0.1", "0.7", "3"]);
    expect(single["Mean"]).toBe("0.3666667");
    await page.goto(`${app.server.url}/?dataset=few.parquet&tab=columns`);
    await page.getByText("Statistics of all 50 rows.").waitFor();
    const quantiles = async (): Promise<unknown> => {
      const few = await factsOf("n");
      return [few["5 %"], few["25 %"], few["Median"], few["95 %"]];
    };
    await expect.poll(quantiles).toEqual(["2.45", "12.25", "24.5", "46.55"]);
    await expect.poll(async () => (await factsOf("f"))["Std. dev."]).toBe("0");
  });
});

describe("the titles of the table", () => {
  test("have the distributions of their columns, if they are asked for", async () => {
    const page = await app.open("/?dataset=kinds.parquet&column=few&column=urls");
    await page.getByRole("button", { name: "Distributions" }).click();
    await page.getByRole("img", { name: "few: 0 to 6, 7 distinct; of 10,000 rows" }).waitFor();
    const gaps = "Distributions of 10,000 rows from random places. The sample is of runs of neighbouring rows";
    await page.getByText(gaps).waitFor();
    await page.getByRole("img", { name: /^urls: most often https:.* \(25 %\), 4 distinct; of 10,000 rows$/ }).waitFor();
    await expect.poll(() => page.locator(".column-glance").first().locator("rect").count()).toBe(7);
    await expect.poll(() => page.url()).toContain("titles=distributions");
    await page.getByRole("button", { name: "Distributions" }).click();
    await page.locator(".column-glance").first().waitFor({ state: "detached" });
    await page.context().close();
  });
});

describe("a scan of all rows", () => {
  test("shows how far it is, ends at once, and keeps what it has seen", async () => {
    await runPython(
      app,
      `pq.write_table(pa.table({"n": range(3_000_000), "text": ["some words"] * 3_000_000}), "long.parquet", row_group_size=100_000)`,
    );
    const page = await app.open("/?dataset=long.parquet&tab=columns");
    await page.getByText("Statistics of a sample: 100,000 rows of 3,000,000 (3.3 %), from random places.").waitFor();
    await page.getByText("a sorted column has gaps.").waitFor();
    await page.getByText("Null counts, min and max come from the file and cover all rows.").waitFor();
    // The rest of a scan comes when it has been stopped.
    let readCount = 0;
    const isStopped = Promise.withResolvers<void>();
    await holdRequests(page, "**/DoGet", async () => {
      if (++readCount > 1) await isStopped.promise;
    });
    await page.getByRole("button", { name: "Scan all 3,000,000 rows" }).click();
    await page.getByRole("progressbar", { name: "Reading the columns of long.parquet" }).waitFor();
    await page.getByText(/Reading rows: [1-9]/).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText(/^Statistics of the first [\d,]+ rows of 3,000,000/).waitFor();
    await waitUntil("the worker is gone", () => page.workers().length === 0);
    await expect.poll(() => page.getByRole("progressbar").count()).toBe(0);
    isStopped.resolve();
    await page.unroute("**/DoGet");
    await page.getByRole("button", { name: "Scan all 3,000,000 rows" }).click();
    await page.getByText("Statistics of all 3,000,000 rows.").waitFor({ timeout: fixturesMs });
    await page.context().close();
  });
});

describe("a bar", () => {
  test("filters the other columns too, in the columns tab, until it is taken back", async () => {
    const page = await app.open("/?dataset=kinds.parquet&tab=columns");
    await page.getByText("Statistics of all 60,000 rows.").waitFor();
    const bar = (name: string, i: number): Locator =>
      page.getByRole("listitem", { name, exact: true }).locator(".bars button, .top-values button").nth(i);
    const filter = page.getByLabel("Filter rows");
    await bar("few", 3).click();
    await page.getByText("Statistics of all 8,571 rows that meet the filter.").waitFor();
    await expect.poll(() => filter.inputValue()).toBe("few = 3");
    await expect.poll(() => bar("few", 0).getAttribute("aria-pressed")).toBe("true");
    await bar("urls", 0).click();
    await page.getByText(/Statistics of all 2,14\d rows that meet the filter\./).waitFor();
    await expect.poll(() => filter.inputValue()).toMatch(/^few = 3 and urls = 'https:.*'$/);
    await expect.poll(() => new URL(page.url()).searchParams.get("tab")).toBe("columns");
    await page.getByRole("button", { name: "Show all values of urls" }).click();
    await page.getByText("Statistics of all 8,571 rows that meet the filter.").waitFor();
    await bar("few", 0).click();
    await page.getByText("Statistics of all 60,000 rows.").waitFor();
    await expect.poll(() => filter.inputValue()).toBe("");
    await page.context().close();
  });
});

describe("a dataset that is replaced by one of another schema", () => {
  test.each<[string, (page: Page) => Promise<unknown>, (page: Page) => Locator]>([
    [
      "columns",
      async (page) => {
        await page.getByLabel("Filter rows").fill("b > 1");
        await page.keyboard.press("Enter");
      },
      (page) => page.getByRole("listitem", { name: "c", exact: true }),
    ],
    [
      "plot",
      async (page) => await page.getByLabel("Colour").selectOption("b"),
      (page) => page.getByRole("img", { name: "Points of c by c", exact: true }),
    ],
    [
      "schema",
      async (page) => await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))"),
      (page) => page.locator(".plain-table").first().getByText("c", { exact: true }),
    ],
  ])("is shown as it is now, at once and without an error: %s", async (tab, look, shown) => {
    const write = (columns: string): Promise<unknown> =>
      runPython(app, `pq.write_table(pa.table({${columns}}), ".new")\nos.replace(".new", "live.parquet")`);
    await write(`"a": range(2000), "b": [1.5] * 2000`);
    const page = await app.open(`/?dataset=live.parquet&tab=${tab}`);
    await page
      .getByText(/ll 2,000 rows\.|^1 row group|1 row group ·/)
      .first()
      .waitFor();
    await page.evaluate(`
      globalThis.alerts = [];
      new MutationObserver(() => {
        for (const each of document.querySelectorAll("[role=alert], .message h2")) alerts.push(each.textContent);
      }).observe(document.body, { childList: true, subtree: true });`);
    await write(`"b": ["x", "y", "z"], "c": range(3)`);
    await look(page);
    await page.getByText("live.parquet has been replaced").waitFor();
    await page.getByText("3 rows · 2 columns").waitFor();
    const alerts = await page.evaluate<string[]>("alerts");
    expect(alerts.filter((text) => !text.includes("filter"))).toEqual([]);
    if (tab === "columns")
      await page
        .getByRole("button", { name: "All rows" })
        .or(page.getByRole("button", { name: "Clear filter" }))
        .first()
        .click();
    await shown(page).waitFor();
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
