import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import AxeBuilder from "axe-core";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { cellsOfRow, fixturesMs, useApp } from "./app.ts";
import { cell } from "./grid.ts";
import { refuseRequests } from "./requests.ts";
import { unfold } from "./unfold.ts";

const app = useApp(["small", "every", "odd"]);
beforeAll(async () => {
  const folder = join(app.server.repo, "sales/2026");
  await mkdir(folder, { recursive: true });
  await copyFile(join(app.server.repo, "small.parquet"), join(folder, "small copy.parquet"));
}, fixturesMs);

/** What is looked at: where it is, and what is done there until all of it is seen. */
type View = readonly [what: string, path: string, show: (page: Page) => Promise<unknown>];

const rows = "/?dataset=small.parquet";
/** Does something when the rows in view are here. */
const onRows = (act: (page: Page) => Promise<unknown>) => async (page: Page) => {
  await cellsOfRow(page, 1);
  await act(page);
};

const views: readonly View[] = [
  ["the list", "/", async (page) => await page.getByRole("link", { name: "small.parquet" }).waitFor()],
  ["folders", "/", async (page) => await page.getByRole("link", { name: "2026/" }).waitFor()],
  ["one folder", "/?folder=sales/2026", async (page) => await page.getByRole("heading", { name: "2026" }).waitFor()],
  ["a folder that is not there", "/?folder=x", async (page) => await page.getByText("There is no folder").waitFor()],
  [
    "a folder that the keys are at",
    "/",
    async (page) => {
      await page.getByRole("treegrid").focus();
      await page.keyboard.press("ArrowDown");
      await page.locator("tr.active").waitFor();
    },
  ],
  [
    "a name that is not there",
    "/?dataset=nothing",
    async (page) => await page.getByText("There is no dataset").waitFor(),
  ],
  ["rows", rows, async (page) => await cellsOfRow(page, 1)],
  ["columns", `${rows}&tab=columns`, async (page) => await page.getByText("Of all 1,000 rows.").waitFor()],
  ["schema and file", `${rows}&tab=schema`, async (page) => await page.getByText("1 row group ·").waitFor()],
  ["a plot", `${rows}&tab=plot`, async (page) => await page.getByText("All 1,000 rows.").waitFor()],
  [
    "a plot with a legend",
    "/?dataset=odd.parquet&tab=plot&x=x&y=y&colour=g",
    async (page) => await page.locator(".legend").getByText("(others)").waitFor(),
  ],
  [
    "rows with distributions",
    `${rows}&titles=distributions`,
    onRows(async (page) => await page.getByRole("img", { name: /^passengers: 0 to 6/ }).waitFor()),
  ],
  [
    "a heat map",
    `${rows}&tab=plot&x=fare&y=distance&chart=heat`,
    async (page) => await page.locator("figure.legend").getByText("rows").waitFor(),
  ],
  [
    "bars with nulls",
    "/?dataset=odd.parquet&tab=plot&x=g&chart=bar",
    async (page) => await page.getByRole("img", { name: "Bars of g" }).waitFor(),
  ],
  [
    "a plot of times in their zone",
    `${rows}&tab=plot&x=pickup&y=fare&format=column`,
    async (page) => await page.getByRole("img", { name: "Points of fare by pickup" }).waitFor(),
  ],
  [
    "boxes",
    `${rows}&tab=plot&x=vendor&y=fare&chart=box`,
    async (page) => await page.getByRole("img", { name: "Boxes of fare by vendor" }).waitFor(),
  ],
  ["a filter that makes no sense", `${rows}&filter=id <`, async (page) => await page.getByRole("alert").waitFor()],
  [
    "rows that are filtered and sorted",
    `${rows}&filter=id < 9&order=-fare`,
    onRows(async (page) => await page.getByText("Sorted by fare, descending.").waitFor()),
  ],
  [
    "an open cell",
    "/?dataset=every type.parquet&column=zoned",
    onRows(async (page) => {
      // The table goes to the link's column first.
      await page.getByRole("columnheader", { name: "zoned" }).waitFor();
      await cell(page, 1, 1).dblclick();
      await page.getByRole("dialog").locator("pre").waitFor();
    }),
  ],
  [
    "lines that use the data",
    rows,
    onRows(async (page) => {
      await unfold(page, "Actions");
      await page.getByRole("button", { name: "Use this data" }).click();
      await page.getByRole("dialog").locator("pre").waitFor();
    }),
  ],
  [
    "the question before a drop",
    rows,
    onRows(async (page) => {
      await unfold(page, "Actions");
      await page.getByRole("button", { name: "Delete…" }).click();
      await page.getByRole("dialog", { name: "Delete small.parquet?" }).waitFor();
    }),
  ],
  [
    "the formats of a download",
    rows,
    onRows(async (page) => {
      await unfold(page, "Actions");
      await page.getByRole("button", { name: "Download" }).click();
      await page.getByRole("link", { name: "CSV" }).waitFor();
    }),
  ],
  [
    "the columns to choose from",
    rows,
    onRows(async (page) => {
      await unfold(page, "Tools");
      await page.getByRole("button", { name: "Columns" }).click();
      await page.getByRole("dialog", { name: "Columns" }).getByRole("checkbox").first().waitFor();
    }),
  ],
  [
    "the menu of a title",
    rows,
    onRows(async (page) => {
      await page.getByRole("columnheader", { name: "fare" }).hover();
      await page.getByLabel("Column menu for fare").click();
      await page.getByRole("menuitem", { name: "Hide column" }).waitFor();
    }),
  ],
  [
    "selected cells and a pinned column",
    `${rows}&pinned=1&row=2&column=note&column=fare&column=id`,
    onRows(async (page) => {
      await cell(page, 2, 1).click();
      await page.keyboard.press("Shift+ArrowDown");
      await page.keyboard.press("Shift+ArrowRight");
      await page.locator(".data-table [aria-selected=true]").nth(3).waitFor();
    }),
  ],
  [
    "a row beside the table",
    "/?dataset=every type.parquet&row=1&open=row",
    async (page) => await page.getByRole("complementary", { name: "Row 1" }).locator("dl").waitFor(),
  ],
  [
    "the menu of a cell",
    rows,
    onRows(async (page) => {
      await cell(page, 1, 1).click({ button: "right" });
      await page.getByRole("menuitem", { name: "Only these" }).waitFor();
    }),
  ],
  [
    "the filter of a column",
    rows,
    onRows(async (page) => {
      await page.getByRole("columnheader", { name: "fare" }).click({ button: "right" });
      await page.getByRole("menuitem", { name: "Filter…" }).click();
      await page.getByRole("dialog", { name: "Filter by fare" }).waitFor();
    }),
  ],
  [
    "completions of a filter",
    rows,
    onRows(async (page) => {
      await page.getByLabel("Filter rows").pressSequentially("ve");
      await page.getByRole("option", { name: "vendor" }).waitFor();
    }),
  ],
  [
    "saved views",
    rows,
    onRows(async (page) => {
      await unfold(page, "Tools");
      await page.getByRole("button", { name: "Views" }).click();
      await page.getByLabel("Name of this view").fill("all");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Forget all" }).waitFor();
    }),
  ],
  [
    "the format of values",
    rows,
    onRows(async (page) => {
      await unfold(page, "Tools");
      await page.getByRole("button", { name: "Format" }).click();
      await page.getByRole("dialog", { name: "Format of values" }).waitFor();
    }),
  ],
  [
    "a mark of a plot that is walked",
    `${rows}&tab=plot&x=fare&y=distance`,
    async (page) => {
      await page.getByRole("application").press("End");
      await page.locator(".figure-mark").waitFor();
    },
  ],
  ["uploads: new, stored, refused, and one that would replace a dataset", "/", showUploads],
  [
    "a server that cannot be reached",
    rows,
    onRows(async (page) => {
      await refuseRequests(page, "**/*");
      await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await page.getByText("The server cannot be reached").waitFor();
    }),
  ],
];

/** Uploads in every state that stays. */
async function showUploads(page: Page): Promise<void> {
  const arrow = Buffer.from(tableToIPC(tableFromArrays({ answer: Int32Array.of(42) }), "file"));
  const file = (name: string, buffer = arrow) => ({ name, mimeType: "", buffer });
  const stored = `stored-${Date.now()}.arrow`;
  const panel = page.getByRole("complementary", { name: "Uploads" });
  await page.setInputFiles("input[type=file]", [
    file(stored),
    file("small.arrow"),
    file("refused.parquet", Buffer.from("no parquet")),
  ]);
  await panel.getByRole("button", { name: "Upload 2 files" }).click();
  await panel.getByText("is neither a Parquet nor an Arrow file").waitFor();
  await panel.getByRole("button", { name: "Replace it" }).waitFor();
  await panel.getByText(/^Stored, /).waitFor();
  await page.setInputFiles("input[type=file]", file("new.arrow"));
  await panel.getByLabel("Name of the dataset of new.arrow").waitFor();
}

/**
 * Runs axe, and compares what it cannot: of dialogs and menus, which lie above all else, it does not find the background,
 * which is the one of the element itself or of the nearest around it that has one. As text: what runs in a page has no types here.
 */
const runAxe = `axe.run().then(({ violations, incomplete }) => {
  const { Color, getContrast } = axe.commons.color;
  const colourOf = (element, name) => {
    const colour = new Color();
    colour.parseString(getComputedStyle(element)[name]);
    return colour;
  };
  const backgroundOf = (element) => {
    const colour = colourOf(element, "backgroundColor");
    return colour.alpha === 1 ? colour : backgroundOf(element.parentElement);
  };
  const isPale = ({ target, any }) => {
    const { messageKey, expectedContrastRatio } = any[0].data;
    const element = document.querySelector(target);
    return (
      messageKey === "bgOverlap" &&
      getContrast(backgroundOf(element), colourOf(element, "color")) < Number.parseFloat(expectedContrastRatio)
    );
  };
  const pale = incomplete
    .filter(({ id }) => id === "color-contrast")
    .map((each) => ({ ...each, nodes: each.nodes.filter(isPale) }))
    .filter(({ nodes }) => nodes.length > 0);
  return [...violations, ...pale].map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 160)) }));
})`;

/** Waits until colours that fade have done so; what leaves the page meanwhile ends too. */
const endAnimations = "Promise.allSettled(document.getAnimations().map((each) => each.finished)).then(() => {})";

describe.each([1280, 390])("axe finds nothing on a page, light and dark, that is %d pixels wide, at", (width) => {
  test.each(views)("%s", async (_what, path, show) => {
    const page = await app.open(path, { colorScheme: "light", viewport: { width, height: 720 } });
    await show(page);
    // The policy of the page keeps scripts out that are not the server's; the browser's own way in is not one.
    await page.evaluate(AxeBuilder.source);
    await page.evaluate(endAnimations);
    expect(await page.evaluate(runAxe), "light").toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.evaluate(endAnimations);
    expect(await page.evaluate(runAxe), "dark").toEqual([]);
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
