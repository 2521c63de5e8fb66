import type { Locator } from "playwright";
import { describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, runPython, useApp } from "./app.ts";
import { cell, expectCopied, focused, scroller, scrollOf } from "./grid.ts";
import { holdRequests } from "./requests.ts";

const app = useApp(["small", "every"]);

describe("a selection in the table", () => {
  test("copies rows that are selected by their numbers", async () => {
    const page = await app.open("/?dataset=small.parquet&column=id&column=vendor");
    await cellsOfRow(page, 1);
    const number = (row: number): Locator => page.locator(`.data-table tr[aria-rowindex="${row + 1}"] th`);
    await number(2).click({ force: true });
    await number(4).click({ modifiers: ["Shift"], force: true });
    await page.keyboard.press("Control+c");
    await page.getByText("Copied 6 cells").waitFor();
    await expectCopied(page, "1\tDDS\n2\tVTS\n3\tCMT");
    await page.context().close();
  });

  test("copies a cell as its text is, and Ctrl+A selects all cells", async () => {
    await runPython(
      app,
      `
pq.write_table(pa.table({
    "s": pa.array([{"x": 1, "y": 'say "so"'}]), "e": [""], "d": pa.array([86_400_000], pa.duration("ms")), "": [7],
}), "texts.parquet")`,
    );
    const page = await app.open("/?dataset=texts.parquet");
    await cellsOfRow(page, 1);
    await page.getByText("1 row · 4 columns").waitFor();
    await expect.poll(() => page.locator(".data-table th .name").last().innerText()).toBe("(no name)");
    for (const [column, text] of ['{"x":1,"y":"say \\"so\\""}', "", "PT86400S", "7"].entries()) {
      await cell(page, 1, column + 1).click();
      await page.keyboard.press("Control+c");
      await expectCopied(page, text);
    }
    await expect.poll(() => cellsOfRow(page, 1)).toEqual(['{"x":1,"y":"say \\"so\\""}', "empty", "1 d", "7"]);
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+c");
    await page.getByText("Copied 4 cells").waitFor();
    await expectCopied(page, '"{""x"":1,""y"":""say \\""so\\""""}"\t""\tPT86400S\t7');
    await expect.poll(() => page.getByRole("grid", { name: "texts.parquet" }).count()).toBe(1);
    await page.context().close();
  });

  test("opens and copies all of a binary", async () => {
    const page = await app.open("/?dataset=every type.parquet&column=binary");
    await cellsOfRow(page, 1);
    await cell(page, 3, 1).dblclick();
    const dialog = page.getByRole("dialog");
    await expect.poll(async () => (await dialog.locator("pre").innerText()).trim()).toBe(`0x${"78".repeat(2000)}`);
    await expect.poll(() => dialog.innerText()).toContain("2,000 bytes");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => focused(page)).toBe("4,2");
    await page.keyboard.press("Control+c");
    await page.getByText("Copied the cell").waitFor();
    await expectCopied(page, `0x${"78".repeat(2000)}`);
    await page.context().close();
  });

  test("keeps its place on a click at a title's menu, and its columns by their names", async () => {
    const page = await app.open("/?dataset=small.parquet");
    await cellsOfRow(page, 1);
    await cell(page, 2, 5).click();
    await page.keyboard.press("Shift+ArrowDown");
    // The focus, which comes after the key, would scroll back.
    await expect.poll(() => focused(page)).toBe("4,6");
    await scroller(page).evaluate((element) => (element.scrollTop = 3300));
    await cellsOfRow(page, 105);
    const top = await scrollOf(page, "scrollTop");
    // By its place: a click on an element scrolls to where that would be if it did not stick.
    const openMenu = async (): Promise<void> => {
      const { x, y, width, height } = (await page.getByLabel("Column menu for fare").boundingBox())!;
      await page.mouse.click(x + width / 2, y + height / 2);
      await page.getByRole("menu").waitFor();
    };
    await openMenu();
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "detached" });
    await waitUntil("the table is where it was", async () => (await scrollOf(page, "scrollTop")) === top);
    await openMenu();
    await page.getByRole("menuitem", { name: "Hide column" }).click();
    await waitUntil("the column is gone", async () => (await page.locator(".data-table th .name").count()) === 9);
    await cellsOfRow(page, 105);
    await waitUntil("the table is where it was", async () => (await scrollOf(page, "scrollTop")) === top);
    await scroller(page).hover();
    await page.mouse.wheel(0, -10_000);
    await cellsOfRow(page, 2);
    await cell(page, 2, 4).locator("[data-selected]").waitFor();
    await expect.poll(() => page.locator(".data-table [data-selected]").allInnerTexts()).toEqual(["DDS", "VTS"]);
    await page.context().close();
  });

  test("is not copied any more once the page has been left, however late they come", async () => {
    const page = await app.open("/?dataset=small.parquet&column=id");
    await cellsOfRow(page, 1);
    await page.evaluate("navigator.clipboard.writeText('before')");
    const held: (() => void)[] = [];
    await holdRequests(page, "**/DoGet", () => new Promise<void>((resolve) => held.push(resolve)));
    await cell(page, 1, 1).click();
    await page.keyboard.press("Control+c");
    await waitUntil("the cells are asked for", () => held.length > 0);
    await page.getByRole("link", { name: "Hangar" }).click();
    await page.getByRole("heading", { name: "Datasets" }).waitFor();
    for (const go of held) go();
    await page.waitForTimeout(500);
    await expectCopied(page, "before");
    await expect.poll(() => page.locator(".toast").count()).toBe(0);
    await page.context().close();
  });

  test("is forgotten when other rows come", async () => {
    const page = await app.open("/?dataset=small.parquet&column=id");
    await cellsOfRow(page, 1);
    const selected = page.locator(".data-table [data-selected]");
    await cell(page, 3, 1).click();
    await cell(page, 5, 1).click({ modifiers: ["Shift"] });
    await waitUntil("three are selected", async () => (await selected.allInnerTexts()).join() === "2,3,4");
    await page.getByLabel("Filter rows").fill("id >= 500");
    await page.keyboard.press("Enter");
    await page.getByText("500 of 1,000 rows meet the filter ·").waitFor();
    // The old rows are dimmed until others come. Those begin at their first.
    await waitUntil("the first one is selected", async () => (await selected.allInnerTexts()).join() === "500");
    await expect.poll(async () => (await cellsOfRow(page, 1))[0]).toBe("500");
    await cell(page, 2, 1).click({ modifiers: ["Shift"] });
    // The table takes the focus after it has drawn the selection.
    await page.locator(".data-table :focus").waitFor();
    await page.keyboard.press("Control+c");
    await page.getByText("Copied 2 cells").waitFor();
    await expectCopied(page, "500\n501");
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
