import { describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, useApp } from "./app.ts";
import { cell, expectCopied, focused, scroller } from "./grid.ts";

const app = useApp(["rides", "small", "every", "wide"]);

describe("the rows of a dataset", () => {
  test("come for four million as for a few", async () => {
    const page = await app.open("/?dataset=rides.parquet", { viewport: { width: 1900, height: 700 } });
    await expect
      .poll(() => cellsOfRow(page, 2))
      .toEqual(["1", "79.19", "0.1", "1", "DDS", "2023-11-14 22:13:21.000000Z", "0.25", "late", "1", "true"]);
    await expect.poll(() => page.getByText("4,000,000 rows · 10 columns").count()).toBe(1);
    await page.context().close();
  });

  test("are right at row 3,000,000, gone to by its number, by the URL and by scrolling", async () => {
    const page = await app.open("/?dataset=rides.parquet");
    await page.getByLabel("Go to row").fill("3,000,000");
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await cellsOfRow(page, 3_000_000))[0]).toBe("2999999");
    await expect.poll(() => page.url()).toContain("row=3000000");
    await page.reload();
    await expect.poll(async () => (await cellsOfRow(page, 3_000_000))[0]).toBe("2999999");
    const focused = (): Promise<unknown> => page.evaluate("document.activeElement?.textContent");
    await waitUntil("the row's cell has the focus", async () => (await focused()) === "2999999");

    await page.goto(`${app.server.url}/?dataset=rides.parquet`);
    await cellsOfRow(page, 1);
    await scroller(page).evaluate((element) => (element.scrollTop = element.scrollHeight * 0.75));
    await waitUntil("rows far down are drawn", async () => {
      const rows = await page
        .locator(".data-table tbody tr")
        .evaluateAll((rows) =>
          rows.map((row) => [row.getAttribute("data-rownumber"), row.querySelector("td > span")?.textContent ?? ""]),
        );
      return Number(rows[0]?.[0]) > 2_900_000 && rows.every(([row, id]) => row === id);
    });
    // Where it has been scrolled to is in the URL, and stays without the focus.
    const scrolledTo = (): number => Number(new URL(page.url()).searchParams.get("row"));
    await waitUntil("the URL has the row", () => scrolledTo() > 2_900_000);
    const row = scrolledTo();
    await expect.poll(() => page.evaluate("document.activeElement?.tagName")).not.toBe("TD");
    await scroller(page).evaluate((element) => (element.scrollTop += 330));
    await waitUntil("the URL has the next row", () => scrolledTo() !== row);
    await page.reload();
    await expect.poll(async () => (await cellsOfRow(page, scrolledTo()))[0]).toBe(String(scrolledTo() - 1));
    await page.context().close();
  });

  test("are right where a link leads to one of those that meet a filter, which have to be counted first", async () => {
    const page = await app.open("/?dataset=rides.parquet&filter=id >= 10&row=3000000");
    await expect.poll(async () => (await cellsOfRow(page, 3_000_000))[0]).toBe("3000009");
    await expect.poll(() => new URL(page.url()).searchParams.get("row")).toBe("3000000");
    await page.context().close();
  });

  test("are read for the rows and columns in view only", async () => {
    const page = await app.open("/?dataset=wide.parquet");
    await cellsOfRow(page, 1);
    // What is in view at first is all here.
    await page.waitForLoadState("networkidle");
    const bodies: string[] = [];
    page.on("request", (request) => bodies.push(request.postData() ?? ""));
    await scroller(page).evaluate((element) => (element.scrollLeft = 2600));
    await cell(page, 1, 19).locator("span").waitFor();
    const asked = bodies.flatMap((body) => body.match(/column_\d{4}/g) ?? []);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked).not.toContain("column_0001");
    expect(asked).not.toContain("column_0039");
    expect(asked).not.toContain("column_0100");
    await page.context().close();
  });

  test("show every type: nulls unlike empty texts, all digits, times with their zone", async () => {
    const page = await app.open("/?dataset=every type.parquet", { viewport: { width: 6000, height: 400 } });
    const rows = await Promise.all([1, 2, 3].map((row) => cellsOfRow(page, row)));
    const columns = await page.locator(".data-table th .name").allInnerTexts();
    const shown = Object.fromEntries(columns.map((column, i) => [column, rows.map((row) => row[i])]));
    expect(shown).toMatchObject({
      bool: ["true", "null", "false"],
      int8: ["1", "-2", "null"],
      uint64: ["18446744073709551615", "0", "null"],
      int64: ["9007199254740993", "-9223372036854775808", "null"],
      float16: ["0.5", "-2", "null"],
      float32: ["0.1", "NaN", "null"],
      float64: ["1e+300", "-Infinity", "null"],
      decimal: ["12.50", "-0.01", "null"],
      decimal256: ["1".repeat(60), "-1", "null"],
      string: ["empty", "null", "Łódź <b>&amp;"],
      binary: ["(0 bytes)", "0x00ff10 (3 bytes)", `0x${"78".repeat(24)}… (2000 bytes)`],
      fixed_binary: ["0x0102 (2 bytes)", "null", "0x0000 (2 bytes)"],
      date32: ["2026-11-22", "null", "0001-01-01"],
      time64: ["23:59:59.000001", "null", "00:00:00.000000"],
      timestamp: ["1970-01-01 00:00:00.000000000", "1970-01-01 00:00:00.000000001", "null"],
      zoned: ["2025-11-22 00:06:40.000Z", "1970-01-01 00:00:00.001Z", "null"],
      duration: ["1.5 s", "-0.001 s", "null"],
      list: ["[1,null]", "[]", "null"],
      fixed_list: ["[1,2]", "null", "[3,4]"],
      struct: ['{"x":1,"y":"a"}', "null", '{"x":null,"y":""}'],
      map: ['[{"key":"a","value":1}]', "[]", "null"],
      dictionary: ["Lima", "null", "Lima"],
      null: ["null", "null", "null"],
    });
    await expect.poll(() => page.locator(".data-table td .null").count()).toBeGreaterThan(20);
    await expect.poll(() => page.locator(".data-table td .blank").count()).toBe(1);
    await page.context().close();
  });

  test("open a cell as a whole: a long text, a nested value, a time in its zone", async () => {
    const page = await app.open("/?dataset=every type.parquet&column=long&column=struct&column=zoned");
    await cellsOfRow(page, 1);
    const dialog = page.getByRole("dialog");
    for (const [column, text] of [
      [1, "word ".repeat(500).trim()],
      [2, '{\n  "x": 1,\n  "y": "a"\n}'],
      [3, "2025-11-22 00:06:40.000Z"],
    ] as const) {
      await cell(page, 1, column).dblclick();
      await expect.poll(async () => (await dialog.locator("pre").innerText()).trim()).toBe(text);
      if (column === 3) expect(await dialog.innerText()).toContain("2025-11-22 01:06:40 in Europe/Warsaw");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
    }
    await page.context().close();
  });

  test("are copied: a cell, a range, a row, a column", async () => {
    const page = await app.open("/?dataset=small.parquet&column=id&column=vendor&column=tip");
    await cellsOfRow(page, 1);
    await cell(page, 2, 2).click();
    await page.keyboard.press("Control+c");
    await expectCopied(page, "DDS");
    await cell(page, 1, 3).click();
    await page.keyboard.press("Control+c");
    await page.getByText("Nothing was copied: the cell is null").waitFor();
    await expectCopied(page, "DDS");
    await cell(page, 2, 2).click();
    await cell(page, 3, 3).click({ modifiers: ["Shift"] });
    await page.keyboard.press("Control+c");
    await expectCopied(page, "DDS\t0.25\nVTS\t0.5");
    await page.keyboard.press("Shift+ArrowLeft");
    await page.keyboard.press("Control+c");
    await expectCopied(page, "DDS\nVTS");
    await page.locator(".data-table [role=rowheader][data-rownumber='0']").click({ force: true });
    await page.keyboard.press("Control+c");
    await expectCopied(page, "0\tCMT\t");
    await page.getByRole("columnheader", { name: "vendor" }).hover();
    await page.getByLabel("Column menu for vendor").click();
    await page.getByRole("menuitem", { name: "Copy column" }).click();
    await expectCopied(page, Array.from({ length: 1000 }, (_, row) => ["CMT", "DDS", "VTS"][row % 3]).join("\n"));
    await page.context().close();
  });

  test("have columns to find, hide, move and resize; they stay in the URL", async () => {
    const page = await app.open("/?dataset=wide.parquet");
    const names = (): Promise<string[]> => page.locator(".data-table th .name").allInnerTexts();
    await cellsOfRow(page, 1);
    await page.getByRole("button", { name: "Columns" }).click();
    const menu = page.getByRole("dialog", { name: "Columns" });
    await menu.getByLabel("Find a column").fill("0999");
    await menu.getByRole("checkbox").check();
    await menu.getByLabel("Find a column").fill("column_0001");
    await menu.getByRole("checkbox").uncheck();
    await menu.getByLabel("Find a column").fill("column_0002");
    await menu.getByLabel("Move column_0002 to the left").click();
    await waitUntil("the columns are as told", async () => (await names())[0] === "column_0002");
    await page.keyboard.press("Escape");
    const all = await names();
    expect([all[1], all.at(-1), all.length]).toEqual(["column_0000", "column_0999", 40]);
    await page.reload();
    await cellsOfRow(page, 1);
    await expect.poll(() => names()).toEqual(all);

    const title = page.getByRole("columnheader", { name: "column_0002" });
    const before = (await title.boundingBox())!.width;
    await title.getByRole("spinbutton").focus();
    await page.keyboard.press("PageUp");
    await waitUntil("the column is wider", async () => (await title.boundingBox())!.width > before + 90);
    await page.goBack();
    await waitUntil("Back undoes the last move", async () => (await names())[0] === "column_0000");
    await page.context().close();
  });

  test("are sorted whole where they are few, and said to be in part where they are not", async () => {
    const page = await app.open("/?dataset=small.parquet&order=-fare");
    await expect.poll(async () => (await cellsOfRow(page, 1))[0]).toBe("393");
    await expect.poll(() => page.locator(".note").innerText()).toMatch(/^Sorted by fare, descending\./);
    await page.goto(`${app.server.url}/?dataset=rides.parquet&order=-tip`);
    await expect.poll(async () => (await cellsOfRow(page, 1))[6]).toBe("7.5");
    await expect.poll(() => page.locator(".note").innerText()).toContain("the first 100,000 of 4,000,000 rows only");
    await expect
      .poll(() => page.locator(".status-bar").innerText())
      .toContain("4,000,000 rows, the first 100,000 of them sorted ·");
    await page.getByRole("button", { name: "Clear sort" }).click();
    await waitUntil("the rows are as stored", async () => (await cellsOfRow(page, 1))[0] === "0");
    await page.context().close();
  });

  test("are walked by keys, in a grid that says where one is", async () => {
    const page = await app.open("/?dataset=rides.parquet&row=1");
    await cellsOfRow(page, 1);
    await waitUntil("the first cell has the focus", async () => (await focused(page)) === "2,2");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await waitUntil("the focus has moved", async () => (await focused(page)) === "3,3");
    await page.keyboard.press("Control+ArrowDown");
    await waitUntil("the last row has it", async () => (await focused(page)) === "4000001,3");
    await expect.poll(async () => (await cellsOfRow(page, 4_000_000))[0]).toBe("3999999");
    const grid = page.getByRole("grid");
    await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe("4000001");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("dialog").innerText()).toContain("fare, row 4,000,000");
    await page.context().close();
  });

  test("complain of nothing", () => {
    expect(app.complaints).toEqual([]);
  });
});
