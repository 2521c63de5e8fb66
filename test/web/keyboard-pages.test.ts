import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { cellsOfRow, fixturesMs, useApp } from "./app.ts";
import { expectCopied } from "./grid.ts";
import { focusName, hear, openForKeys, tabTo, waitForFocus } from "./keyboard.ts";

const app = useApp(["small"]);
beforeAll(async () => {
  await copyFile(join(app.server.repo, "small.parquet"), join(app.server.repo, "z.parquet"));
}, fixturesMs);

test("a page that is opened has the focus at its heading, and a title of its own", async () => {
  const page = await openForKeys(app, "/");
  await waitForFocus(page, "Datasets");
  await tabTo(page, "Datasets");
  await page.getByRole("treegrid").press("ArrowDown");
  await page.keyboard.press("Enter");
  await waitForFocus(page, "z.parquet");
  await expect.poll(() => page.evaluate("document.activeElement.tagName")).toBe("H1");
  await expect.poll(() => page.title()).toBe("z.parquet · Hangar");
  await cellsOfRow(page, 1);
  await tabTo(page, "Plot");
  await page.keyboard.press("Enter");
  await hear(page, "Plot · z.parquet");
  await expect.poll(() => focusName(page)).toBe("Plot");
  await expect.poll(() => page.title()).toBe("Plot · z.parquet · Hangar");
  await page.goto(`${app.server.url}/?dataset=nothing.parquet`);
  await waitForFocus(page, 'There is no dataset "nothing.parquet"');
  await expect.poll(() => page.title()).toBe('There is no dataset "nothing.parquet" · Hangar');
  await page.goto(`${app.server.url}/?folder=nothing`);
  await waitForFocus(page, "There is no folder “nothing”");
  await expect.poll(() => page.title()).toBe("There is no folder “nothing” · Hangar");
  await page.context().close();
});

test("lines to copy say that they are copied, in the dialog that they are in", async () => {
  const page = await openForKeys(app, "/?dataset=small.parquet");
  await cellsOfRow(page, 1);
  await tabTo(page, "Use this data");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Use small.parquet" }).waitFor();
  await tabTo(page, "Copy the lines for pyarrow");
  await page.keyboard.press("Enter");
  await waitForFocus(page, "Copied the lines for pyarrow");
  await hear(page, "Copied the lines for pyarrow");
  await expectCopied(page, expect.stringContaining("small.parquet"));
  await expect.poll(() => page.locator("dialog [role=status]").innerText()).toBe("Copied the lines for pyarrow");
  await page.keyboard.press("Escape");
  await waitForFocus(page, "Use this data");
  await page.context().close();
});

test("a popover closes when Tab leaves it, or by Escape, which leads back to its button", async () => {
  const page = await openForKeys(app, "/?dataset=small.parquet");
  await cellsOfRow(page, 1);
  await tabTo(page, "Format");
  await page.keyboard.press("Enter");
  const format = page.getByRole("dialog", { name: "Format of values" });
  await format.waitFor();
  await page.keyboard.press("Tab");
  await expect.poll(() => format.isVisible()).toBe(true);
  await tabTo(page, "Views");
  await format.waitFor({ state: "hidden" });
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Saved views" }).waitFor();
  await page.keyboard.press("Escape");
  await waitForFocus(page, "Views");
  await page.context().close();
});

test("a dataset is deleted after a question that is read as a whole, and the list has the focus then", async () => {
  const page = await openForKeys(app, "/?dataset=z.parquet");
  await cellsOfRow(page, 1);
  await tabTo(page, "Delete…");
  await page.keyboard.press("Enter");
  await waitForFocus(page, "Keep it");
  await page.getByRole("dialog", { name: "Delete z.parquet?", description: /This cannot be undone/ }).waitFor();
  await page.keyboard.press("Escape");
  await waitForFocus(page, "Delete…");
  await page.keyboard.press("Enter");
  await tabTo(page, "Delete it");
  await page.keyboard.press("Enter");
  await waitForFocus(page, "Datasets");
  await hear(page, "Deleted z.parquet");
  await expect.poll(() => page.evaluate("document.activeElement.tagName")).toBe("H1");
  await page.context().close();
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
