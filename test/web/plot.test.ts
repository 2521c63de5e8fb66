import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { fixturesMs, runPython, useApp } from "./app.ts";

/** Twenty thousand rows, and what pyarrow says of their groups and parts. */
const program = `
import json, numpy as np
n = 20_000
row = np.arange(n)
random = np.random.default_rng(3)
v = random.integers(0, 50, n)
group = np.array(["a", "b", "c"])[row % 3]
table = pa.table({
    "id": row, "at": pa.array(1_764_201_600_000 + row * 60_000, pa.timestamp("ms")),
    "value": np.where(row % 500 == 0, np.inf, v / 2), "u": row % 10, "v": v, "group": group,
    "single": pa.array(row % 7 / 10, pa.float32()),
    "holes": pa.array(v, mask=row % 3 == 1),
})
pq.write_table(table, "points.parquet", row_group_size=5000)
by = table.group_by("group").aggregate([("v", "mean"), ("v", "count")]).to_pylist()
json.dump({
    "groups": {each["group"]: [each["v_mean"], each["v_count"]] for each in by},
    "cell": int(((row % 10 == 3) & (v == 20)).sum()), "medianOfA": float(np.median(v[group == "a"])),
    "partMean": float(v[5000:5020].mean()),
}, open(".truth.json", "w"))
long = "x" * 70
pq.write_table(pa.table({"n": range(8), "m": range(8), "g": [long + each for each in "aabbccdd"]}), "long.parquet")
`;

interface Truth {
  readonly groups: Readonly<Record<string, readonly [mean: number, count: number]>>;
  readonly cell: number;
  readonly medianOfA: number;
  readonly partMean: number;
}

const app = useApp(["odd", "values"], program);
let truth: Truth;
beforeAll(async () => {
  truth = JSON.parse(await readFile(join(app.server.repo, ".truth.json"), "utf8")) as Truth;
}, fixturesMs);

/** Opens a plot, once it is drawn. */
async function openPlot(query: string, name: string): Promise<Page> {
  const page = await app.open(`/?tab=plot&dataset=${query}`);
  await page.getByRole("img", { name, exact: true }).locator(".figure-svg").waitFor();
  return page;
}

/** How long a tip may take, in milliseconds; a figure that is drawn anew has none until the pointer moves. */
const tipMs = 1000;

/** What is said of the mark below the pointer, which is put on one of those of a selector; nothing if it is not there yet. */
async function hover(page: Page, selector: string, index: number): Promise<string> {
  const box = await page.locator(`.figure-svg ${selector}`).nth(index).boundingBox();
  if (box === null) return "";
  await page.mouse.move(0, 0);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const tip = page.locator(".figure-svg [aria-label=tip] text");
  await tip.waitFor({ timeout: tipMs }).catch(() => {});
  const lines = await tip.locator("tspan").allTextContents();
  return lines.join("; ").replaceAll("\u200b", "");
}

describe("a plot", () => {
  test("begins with a time and a measure, as the mean of each part, with the least and the greatest value", async () => {
    const page = await openPlot("points.parquet", "Line of value by at");
    await page
      .getByText("All 20,000 rows. 40 rows of these have a null, or no finite number, and so no place.")
      .waitFor();
    await page
      .getByText("It shows the mean for each 2 hours, in a band from the least to the greatest value.")
      .waitFor();
    await expect
      .poll(() => hover(page, "[aria-label=dot] circle", 1))
      .toMatch(/^at: 2025-11-27 02:00:00 to 2025-11-27 04:00:00; mean of value: 1\d\.\d+; 0 to 24(\.5)?; 120 rows$/);
    await page.context().close();
  });

  test("counts rows in the cells of a heat map", async () => {
    const page = await openPlot("points.parquet&x=u&y=v", "Heat map of v by u");
    await expect.poll(() => page.locator(".figure-svg [aria-label=rect] rect").count()).toBe(500);
    const cells = page.locator(".figure-svg [aria-label=rect] rect");
    await cells.first().waitFor();
    // Cells go up one column after the other.
    await expect.poll(() => hover(page, "[aria-label=rect] rect", 3 * 50 + 20)).toBe(`u: 3; v: 20; ${truth.cell} rows`);
    await page.context().close();
  });

  test("counts rows in bars, and has the mean of each", async () => {
    const page = await openPlot("points.parquet&x=group&y=v", "Bars of group");
    await expect
      .poll(() => hover(page, "[aria-label=bar] rect", 1))
      .toBe(`b; ${truth.groups["b"]![1].toLocaleString("en-US")} rows`);
    await page.getByLabel("Show").selectOption("mean of Y");
    await page.getByText("It shows the mean of v for each group.").waitFor();
    const mean = Number(truth.groups["c"]![0].toPrecision(6));
    await waitUntil("the mean is told", async () =>
      (await hover(page, "[aria-label=bar] rect", 2)).includes(`mean of v: ${mean};`),
    );
    await expect.poll(() => new URL(page.url()).searchParams.get("show")).toBe("mean");
    await page.getByLabel("Chart").selectOption("Boxes");
    await page.getByRole("img", { name: "Boxes of v by group" }).waitFor();
    await expect.poll(() => hover(page, "[aria-label=bar] rect", 0)).toContain(`a; median ${truth.medianOfA};`);
    await page.context().close();
  });

  test("colours points by a number on one scale, whole at the edges, with floats of 32 bits as they are", async () => {
    const page = await openPlot("points.parquet&x=id&y=single&colour=v&chart=points", "Points of single by id");
    await page.getByRole("figure", { name: "v: 0 to 49" }).waitFor();
    await page.getByText("It shows 10,000 points, drawn at random from these.").waitFor();
    const look = `(() => {
      const points = [...document.querySelectorAll(".figure-svg [aria-label=dot] circle")];
      const frame = document.querySelector(".figure-svg").getBoundingClientRect();
      const isInside = (point) => {
        const { left, right, top, bottom } = point.getBoundingClientRect();
        return left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom;
      };
      return { colours: new Set(points.map((point) => point.getAttribute("fill"))).size, isInside: points.every(isInside) };
    })()`;
    await expect.poll(() => page.evaluate(look)).toEqual({ colours: 50, isInside: true });
    await expect.poll(() => page.locator(".figure-svg clipPath").count()).toBe(0);
    await expect
      .poll(() => hover(page, "[aria-label=dot] circle", 5000))
      .toMatch(/^id: [\d,]+; single: 0(\.\d)?; v: \d+$/);
    await page.context().close();
  });

  test("is looked at closer by dragging: the URL says where, and rows are read again", async () => {
    const page = await openPlot("points.parquet&x=id&y=v&chart=histogram", "Histogram of id");
    const box = (await page.locator(".figure").boundingBox())!;
    await page.mouse.move(box.x + 0.4 * box.width, box.y + 80);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 120, { steps: 4 });
    await page.mouse.move(box.x + 0.6 * box.width, box.y + 120, { steps: 4 });
    await page.mouse.up();
    await page.getByText(/All \d,\d{3} rows of this part\./).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("zoom")).toMatch(/^[\d.]+_[\d.]+$/);
    await page.goto(`${app.server.url}/?tab=plot&dataset=points.parquet&x=id&y=v&chart=histogram&zoom=5000_9999`);
    await page.getByText("All 5,000 rows of this part. It shows the number of rows for each 100.").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByText("All 20,000 rows.").waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("zoom")).toBeNull();
    await page.context().close();
  });

  test.each([
    ["line", "x=id&y=v&chart=line&zoom=5000_9999_20_30", "Line of v by id", "[aria-label=dot] circle", "partMean"],
    ["box", "x=group&y=v&chart=box&zoom=__10_40", "Boxes of v by group", "[aria-label=bar] rect", "medianOfA"],
  ] as const)("has the same values in a %s whose Y is looked at closer", async (_, query, name, mark, value) => {
    const page = await openPlot(`points.parquet&${query}`, name);
    const expected = `${value === "partMean" ? "mean of v:" : "median"} ${Number(truth[value].toPrecision(6))};`;
    await expect.poll(() => hover(page, mark, 0)).toContain(expected);
    await page.context().close();
  });

  test("has all rows of the parts at the edges of what is looked at closer", async () => {
    const page = await openPlot("points.parquet&x=id&chart=histogram&zoom=5020_9949", "Histogram of id");
    await expect.poll(() => hover(page, "[aria-label=rect] rect", 0)).toBe("id: 5,000 to 5,100; 100 rows");
    await page.context().close();
  });

  test("has a bar above each of few whole numbers, and no ticks between them", async () => {
    const page = await openPlot("points.parquet&x=u&chart=histogram", "Histogram of u");
    await page.getByText("It shows the number of rows for each value of u.").waitFor();
    await expect.poll(() => hover(page, "[aria-label=rect] rect", 3)).toBe("u: 3; 2,000 rows");
    const ticks = page.locator(".figure-svg [aria-label='x-axis tick label'] text");
    await expect.poll(() => ticks.allTextContents()).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    await page.context().close();
  });

  test("has a line without its band, with Y as wide as the means", async () => {
    const page = await openPlot("points.parquet&x=id&y=v&chart=line", "Line of v by id");
    await expect.poll(() => page.locator(".figure-svg [aria-label=area]").count()).toBe(1);
    await page.getByLabel("Band").selectOption("none");
    await page.locator(".figure-svg [aria-label=area]").waitFor({ state: "detached" });
    const ticks = page.locator(".figure-svg [aria-label='y-axis tick label'] text");
    await expect.poll(() => ticks.count()).toBeGreaterThan(2);
    await expect.poll(async () => Math.max(...(await ticks.allTextContents()).map(Number))).toBeLessThan(40);
    await page.context().close();
  });

  test("counts rows whatever a column has that it does not draw", async () => {
    const page = await openPlot("points.parquet&x=group&y=holes&colour=value", "Bars of group");
    await page.getByText("All 20,000 rows. It shows the number of rows for each group.").waitFor();
    await expect
      .poll(() => hover(page, "[aria-label=bar] rect", 1))
      .toBe(`b; ${truth.groups["b"]![1].toLocaleString("en-US")} rows`);
    await expect.poll(() => page.getByLabel("Y", { exact: true }).isDisabled()).toBe(true);
    await page.getByLabel("X", { exact: true }).selectOption("id");
    await page.getByLabel("Chart").selectOption("Heat map");
    await page.getByRole("img", { name: "Heat map of holes by id" }).waitFor();
    await expect.poll(() => page.getByLabel("Show").locator("option[value=mean]").isDisabled()).toBe(false);
    await page.getByLabel("Colour").selectOption("none");
    await expect.poll(() => page.getByLabel("Show").locator("option[value=mean]").isDisabled()).toBe(true);
    await page.context().close();
  });

  test("is saved as PNG and SVG, which need no style sheet", async () => {
    const page = await openPlot("points.parquet&x=group&y=v", "Bars of group");
    const save = async (format: string): Promise<Buffer> => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: `Save ${format}: Bars of group` }).click(),
      ]);
      expect(download.suggestedFilename()).toContain("points.parquet, Bars of group");
      return await readFile(await download.path());
    };
    const png = await save("PNG");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBeGreaterThan(2000);
    const svg = (await save("SVG")).toString();
    expect(svg).toMatch(/^<svg [^]*<rect[^]*fill="rgb\(26, 92, 191\)"/);
    expect(svg).not.toMatch(/var\(|currentColor|<style/);
    await page.context().close();
  });

  test("shows how far the reading is, and draws what has been read when it is stopped", async () => {
    const page = await app.open("/");
    await runPython(
      app,
      `pq.write_table(pa.table({"n": range(3_000_000), "m": [1.5] * 3_000_000}), "many.parquet", row_group_size=100_000)`,
    );
    // The answer does not come.
    await page.route("**/DoGet", () => {});
    await page.goto(`${app.server.url}/?tab=plot&dataset=many.parquet&x=n&y=m`);
    await page.getByRole("progressbar", { name: "Reading the rows to plot of many.parquet" }).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("heading", { name: "There are no points to draw" }).waitFor();
    await page.getByText("The first 0 of 3,000,000 rows (0 %).").waitFor();
    await page.context().close();
  });
});

describe("a plot of odd values", () => {
  test("tells nulls, empty texts and others apart, and rows without a place", async () => {
    const page = await openPlot("odd.parquet&x=x&y=y&colour=g", "Points of y by x");
    await page.getByText("All 80 rows. 8 rows of these have a null, or no finite number, and so no place.").waitFor();
    const labels = ["(empty)", "a", "b", "c", "null", "y", "(others)", "(null)"];
    const legend = page.getByRole("list", { name: "Colours of g" }).getByRole("listitem");
    await expect.poll(() => legend.allInnerTexts()).toEqual(labels);
    const fills = (): Promise<string[]> =>
      page
        .locator(".figure-svg [aria-label=dot] circle")
        .evaluateAll((points) =>
          points.map((point) => (point as unknown as { getAttribute(name: string): string }).getAttribute("fill")),
        );
    const colours = labels.map((label, i) => `var(--series-${label === "(null)" ? "null" : i + 1})`);
    const counts = async (): Promise<number[]> => {
      const all = await fills();
      return colours.map((colour) => all.filter((fill) => fill === colour).length);
    };
    await expect.poll(counts).toEqual([9, 9, 9, 9, 9, 9, 9, 9]);
    await page.getByLabel("Y", { exact: true }).selectOption("none");
    await page.getByRole("heading", { name: "There are no points to draw" }).waitFor();
    await page.context().close();
  });

  test("tells groups apart by whole values, and takes columns that are not there for none", async () => {
    const page = await openPlot("long.parquet&x=n&y=m&colour=g", "Points of m by n");
    await expect.poll(() => page.getByRole("list", { name: "Colours of g" }).getByRole("listitem").count()).toBe(4);
    await page.goto(`${app.server.url}/?tab=plot&dataset=odd.parquet&x=gone&y=nothing&colour=nothing`);
    await page.getByRole("img", { name: "Points of y by t", exact: true }).waitFor();
    await page.context().close();
  });

  test.each([
    ["decimal256", "x=decimal256&y=int8", "Points of int8 by decimal256", /^2\.8e43$/],
    ["integers that are close", "x=near&y=int8", "Points of int8 by near", /^1\.153e18$/],
    ["times of day", "x=time64&y=int8", "Points of int8 by time64", /^21:00$/],
    ["centuries", "x=early&y=int8", "Points of int8 by early", /^9500$/],
  ])("has ticks for %s", async (_, query, name, tick) => {
    const page = await openPlot(`values.parquet&${query}`, name);
    await page.locator(".figure-svg [aria-label='x-axis tick label'] text", { hasText: tick }).first().waitFor();
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
