import { join } from "node:path";
import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, runPython, useApp } from "./app.ts";
import { cell, expectCopied, scroller } from "./grid.ts";

const app = useApp(
  [],
  `
import struct, zlib
def png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\\0" + bytes([200, 60, 20]) * width for _ in range(height))
    return b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
n = 300
place = pa.array([None if i % 50 == 7 else {"x": i, "at.y": None if i % 3 == 0 else i / 4, "deep": {"name": f"p{i % 5}"}} for i in range(n)])
table = pa.table({
    "id": range(n),
    "amount": [1234567.8915 + i for i in range(n)],
    "place": place,
    "link": [f"https://example.org/{i}" for i in range(n)],
    "note": ["Late Arrival" if i % 100 == 3 else "on time" for i in range(n)],
    "tags": [[{"k": i, "v": ["a", None]}] for i in range(n)],
    "photo": [png(8, 4) if i % 2 == 0 else b"\\x01\\x02" for i in range(n)],
    "at": pa.array([1_763_770_000_000 + i for i in range(n)], pa.timestamp("ms", "Europe/Warsaw")),
    "took": pa.array([90_061_500] * n, pa.duration("ms")),
})
fields = [f.with_metadata({"comment": "in euro"}) if f.name == "amount" else f for f in table.schema]
schema = pa.schema(fields, metadata={"description": "Deliveries of one day"})
pq.write_table(table.cast(schema), "mixed.parquet")
pq.write_table(pa.table({f"c{i:03}": [i, i + 1] for i in range(800)}), "wide.parquet")`,
);

const titles = (page: Page): Promise<string[]> => page.locator(".data-table th .name").allInnerTexts();
/** Chooses an entry of the menu of a cell. */
async function choose(page: Page, row: number, column: number, entry: string): Promise<void> {
  await cell(page, row, column).click({ button: "right" });
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
}

describe("a table of 800 columns", () => {
  test("says at its end how many more there are, and shows all or those that are found", async () => {
    const page = await app.open("/?dataset=wide.parquet");
    await cellsOfRow(page, 1);
    await scroller(page).evaluate((element) => (element.scrollLeft = element.scrollWidth));
    await page.locator(".data-table").getByRole("button", { name: "760 more…" }).click();
    const menu = page.getByRole("dialog", { name: "Columns" });
    await menu.getByLabel("Find a column").fill("c79");
    await menu.getByRole("button", { name: "Only these" }).click();
    const found = Array.from({ length: 10 }, (_, i) => `c79${i}`);
    await waitUntil("only those that are found are there", async () => (await titles(page)).join() === found.join());
    await expect.poll(() => page.locator(".data-table").getByRole("button", { name: "790 more…" }).count()).toBe(1);
    await menu.getByLabel("Find a column").fill("");
    await menu.getByRole("button", { name: "Show all" }).click();
    await waitUntil("all columns are there", async () => (await titles(page)).length === 800);
    await expect.poll(() => page.getByRole("button", { name: /\d more…/ }).count()).toBe(0);
    await expect.poll(() => page.url()).toContain("column=*");
    await page.keyboard.press("Escape");
    await scroller(page).evaluate((element) => (element.scrollLeft = element.scrollWidth));
    await waitUntil("the last column is here", async () => (await cellsOfRow(page, 2)).at(-1) === "800");
    await page.context().close();
  });
});

describe("values", () => {
  test("are formatted as the URL says, and copied as they are stored", async () => {
    const page = await app.open("/?dataset=mixed.parquet&column=amount&column=at&column=took");
    await expect
      .poll(() => cellsOfRow(page, 1))
      .toEqual(["1234567.8915", "2025-11-22 00:06:40.000Z", "1 d 1 h 1 min 1.5 s"]);
    await page.getByRole("button", { name: "Format" }).click();
    await page.getByLabel("Thousands apart").check();
    await page.getByLabel("Decimals of numbers").selectOption("2");
    await page.getByLabel("Times with a zone").selectOption("column");
    await page.keyboard.press("Escape");
    const shown = ["1,234,567.89", "2025-11-22 01:06:40.000+01:00", "1 d 1 h 1 min 1.5 s"];
    await waitUntil("the values are formatted", async () => (await cellsOfRow(page, 1)).join() === shown.join());
    await page.reload();
    await expect.poll(() => cellsOfRow(page, 1)).toEqual(shown);
    await cell(page, 1, 1).click();
    await page.keyboard.press("Control+c");
    await expectCopied(page, "1234567.8915");
    await page.context().close();
  });

  test("that are links lead to other sites, and images are seen", async () => {
    const page = await app.open("/?dataset=mixed.parquet&column=link&column=photo");
    await expect
      .poll(() => cellsOfRow(page, 1))
      .toEqual(["https://example.org/0", expect.stringMatching(/^PNG image \(\d+ bytes\)$/)]);
    await expect.poll(async () => (await cellsOfRow(page, 2))[1]).toBe("0x0102 (2 bytes)");
    const link = page.getByRole("link", { name: "https://example.org/0" });
    await expect.poll(() => link.getAttribute("rel")).toBe("noopener noreferrer");
    await cell(page, 1, 2).dblclick();
    const image = page.getByRole("dialog").getByRole("img", { name: "photo" });
    await waitUntil(
      "the image is decoded",
      async () =>
        (await image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth)) === 8,
    );
    await page.context().close();
  });

  test("of one row are seen below each other, nested ones as trees", async () => {
    const page = await app.open("/?dataset=mixed.parquet&column=id&filter=id >= 100&order=-id");
    await cellsOfRow(page, 1);
    await choose(page, 2, 1, "Show the row");
    const panel = page.getByRole("complementary", { name: "Row 2" });
    await panel.getByText("Deliveries").or(panel.getByText("https://example.org/298")).first().waitFor();
    await expect.poll(() => page.url()).toContain("open=row");
    for (const words of ["place", "x 298", "at.y 74.5", "name p3", "k 298", "2. null"])
      await expect.poll(async () => (await panel.innerText()).replaceAll(/\s+/g, " ")).toContain(words);
    await panel.getByRole("button", { name: "Next row" }).click();
    await page.getByRole("complementary", { name: "Row 3" }).getByText("https://example.org/297").waitFor();
    await page.getByRole("button", { name: "Close the row" }).click();
    await page.getByRole("complementary").waitFor({ state: "detached" });
    await page.context().close();
  });
});

describe("UUIDs and Parquet's ENUMs", () => {
  test("are shown, copied, counted and filtered by as text", async () => {
    await runPython(
      app,
      `
import sys, uuid
sys.path.insert(0, ${JSON.stringify(join(import.meta.dirname, "../support"))})
from parquet_tree import BYTE_ARRAY, FIXED, Node, write_tree
from raw_parquet import I32, OPTIONAL, STRUCT
logical = lambda number: {10: (STRUCT, {number: (STRUCT, {})})}
columns = [Node("key", OPTIONAL, FIXED, annotation={2: (I32, 16)} | logical(14)), Node("kind", OPTIONAL, BYTE_ARRAY, annotation=logical(4)), Node("code", OPTIONAL, FIXED, annotation={2: (I32, 2)})]
kinds = [b"DEAD", b"RED", "BLÅ".encode()]
write_tree("marked.parquet", columns, [{"key": uuid.UUID(int=n << 120).bytes, "kind": kinds[n % 3], "code": bytes([n, 255])} for n in range(10)])`,
    );
    const page = await app.open("/?dataset=marked.parquet");
    await expect
      .poll(() => cellsOfRow(page, 3))
      .toEqual(["02000000-0000-0000-0000-000000000000", "BLÅ", "0x02ff (2 bytes)"]);
    const types = ["uuid", "enum", "fixed_size_binary[2]"];
    await expect.poll(() => page.locator(".column-title .type").allTextContents()).toEqual(types);
    await cell(page, 3, 1).click();
    await page.keyboard.press("Control+c");
    await expectCopied(page, "02000000-0000-0000-0000-000000000000");
    await choose(page, 1, 2, "Only these");
    await page.getByText("4 of 10 rows meet the filter").waitFor();
    await choose(page, 2, 1, "Only these");
    await page.getByText("1 of 10 rows meets the filter").waitFor();
    await choose(page, 1, 3, "Only these");
    const filter = "kind = 'DEAD' and key = '03000000-0000-0000-0000-000000000000' and code = '0x03ff'";
    await waitUntil("bytes filter", () => new URL(page.url()).searchParams.get("filter") === filter);
    await page.getByText("1 of 10 rows meets the filter").waitFor();
    await page.goto(`${app.server.url}/?dataset=marked.parquet&tab=schema`);
    await page.getByRole("cell", { name: "uuid" }).waitFor();
    await expect.poll(() => page.locator(".schema-tab .type").allTextContents()).toEqual(types);
    await page.goto(`${app.server.url}/?dataset=marked.parquet&order=-kind`);
    await page.getByText("Sorted by kind, descending.").waitFor();
    await expect.poll(async () => (await cellsOfRow(page, 1))[1]).toBe("RED");
    await page.goto(`${app.server.url}/?dataset=marked.parquet&tab=columns`);
    const item = (name: string) => page.getByRole("listitem", { name, exact: true });
    await item("kind").getByText("DEAD").first().waitFor();
    for (const words of ["00000000-0000-0000-0000-000000000000", "09000000-0000-0000-0000-000000000000"])
      await expect.poll(() => item("key").innerText()).toContain(words);
    await page.context().close();
  });
});

describe("fields of a struct", () => {
  test("are columns that can be shown, sorted and filtered by", async () => {
    const page = await app.open("/?dataset=mixed.parquet&column=id");
    await cellsOfRow(page, 1);
    await page.getByRole("button", { name: "Columns" }).click();
    const menu = page.getByRole("dialog", { name: "Columns" });
    await menu.getByLabel("Find a column").fill("place.");
    for (const name of [/^place\.x /, /^place\.at\.y /, /^place\.deep\.name /])
      await menu.getByRole("checkbox", { name }).check();
    await page.keyboard.press("Escape");
    await waitUntil("they are there", async () => (await titles(page)).length === 4);
    const truth = await runPython(
      app,
      `
t = pq.read_table("mixed.parquet").to_pylist()
rows = [[r["id"], *([r["place"]["x"], r["place"]["at.y"], r["place"]["deep"]["name"]] if r["place"] else [None] * 3)] for r in t]
print(sum(r[3] == "p3" for r in rows))
print(["null" if v is None else str(v).removesuffix(".0") for i in (0, 1, 7) for v in rows[i]])`,
    );
    const [count, values] = truth.trim().split("\n");
    await expect
      .poll(async () => (await Promise.all([1, 2, 8].map((row) => cellsOfRow(page, row)))).flat())
      .toEqual(JSON.parse(values!.replaceAll("'", '"')));
    await choose(page, 4, 4, "Only these");
    await page.getByText(`${count} of 300 rows meet the filter`).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("filter")).toBe("place.deep.name = 'p3'");
    await choose(page, 1, 3, "Not these");
    await waitUntil("both conditions are set", () =>
      (new URL(page.url()).searchParams.get("filter") ?? "").includes('"at.y"'),
    );
    await page.goto(`${app.server.url}/?dataset=mixed.parquet&column=id&column=place.at.y&order=-place.at.y`);
    await page.getByText("Sorted by place.at.y, descending.").waitFor();
    await expect.poll(() => cellsOfRow(page, 1)).toEqual(["299", "74.75"]);
    await page.getByLabel("Go to row").fill("300");
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await cellsOfRow(page, 300))[1]).toBe("null");
    await page.context().close();
  });
});

describe("what a dataset and its columns are", () => {
  test("is said where they are shown, as their metadata has it", async () => {
    const page = await app.open("/?dataset=mixed.parquet");
    await page.getByText("Deliveries of one day").waitFor();
    await expect.poll(() => page.locator(".data-table th .type").nth(1).innerText()).toContain("in euro");
    await page.context().close();
  });
});

describe("a view", () => {
  test("has pinned columns, a search over texts, and a name that leads back to it", async () => {
    const page = await app.open("/?dataset=mixed.parquet", { viewport: { width: 760, height: 600 } });
    await cellsOfRow(page, 1);
    await page.getByRole("columnheader", { name: "id" }).hover();
    await page.getByLabel("Column menu for id").click();
    await page.getByRole("menuitem", { name: "Pin up to here" }).click();
    await waitUntil("the URL has it", () => page.url().includes("pinned=1"));
    const left = async (): Promise<number> => (await cell(page, 1, 1).boundingBox())!.x;
    const before = await left();
    await scroller(page).evaluate((element) => (element.scrollLeft = 600));
    await waitUntil("the table is scrolled", async () => (await cell(page, 1, 2).boundingBox())!.x < before);
    await expect.poll(async () => Math.abs((await left()) - before)).toBeLessThan(2);

    await page.getByLabel("Search the shown columns of text").fill("late ARR");
    await page.keyboard.press("Enter");
    await page.getByText("3 of 300 rows meet the filter").waitFor();
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByLabel("Name of this view").fill("late ones");
    await page.keyboard.press("Enter");
    await page.goto(`${app.server.url}/?dataset=mixed.parquet`);
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("link", { name: "late ones" }).click();
    await page.getByText("3 of 300 rows meet the filter").waitFor();
    await expect.poll(() => page.url()).toContain("pinned=1");
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
