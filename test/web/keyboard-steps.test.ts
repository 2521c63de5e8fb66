import { tableFromArrays, tableToIPC } from "apache-arrow";
import { expect, test } from "vitest";
import { useApp } from "./app.ts";
import { focusName, hear, openForKeys, tabTo, waitForFocus } from "./keyboard.ts";

const app = useApp(
  [],
  `
pq.write_table(pa.table({
    "city": (["Oslo"] * 2 + ["Lima"] * 5 + [""]) * 50, "fare": [i / 2 for i in range(400)],
}), "rides.parquet")
pq.write_table(pa.table({"n": range(150_000)}), "long.parquet", row_group_size=2000)
`,
);

test("a value that is filtered by keeps the focus; a bar leads to the button that takes it back", async () => {
  const page = await openForKeys(app, "/?dataset=rides.parquet&tab=columns");
  await page.getByText("Statistics of all 400 rows.").waitFor();
  await tabTo(page, /^Oslo/);
  await page.keyboard.press(" ");
  await hear(page, "100 rows that meet the filter");
  await page.locator(".column-item").first().getByText("100 %").first().waitFor();
  await expect.poll(() => focusName(page)).toMatch(/^Oslo/);
  await page.keyboard.press(" ");
  await hear(page, "Statistics of all 400 rows.");
  await expect.poll(() => focusName(page)).toMatch(/^Oslo/);
  await tabTo(page, "0 to below 10: 20 rows");
  await page.keyboard.press("End");
  await expect.poll(() => focusName(page)).toBe("190 to 199.5: 20 rows");
  await page.keyboard.press("Home");
  await expect.poll(() => focusName(page)).toBe("0 to below 10: 20 rows");
  await expect.poll(() => page.evaluate("document.activeElement.title")).toBe("");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await hear(page, "20 rows that meet the filter");
  await waitForFocus(page, "Show all values of fare");
  await page.keyboard.press("Enter");
  await waitForFocus(page, "fare");
  await expect.poll(() => new URL(page.url()).searchParams.get("filter")).toBe(null);
  await page.context().close();
});

test("a scan of all rows has the focus at its Stop, and then at what it has found", async () => {
  const page = await openForKeys(app, "/?dataset=long.parquet&tab=columns");
  await page.getByRole("button", { name: "Scan all 150,000 rows" }).waitFor();
  await tabTo(page, "Scan all 150,000 rows");
  await page.keyboard.press("Enter");
  await hear(page, "Statistics of all 150,000 rows.");
  await waitForFocus(page, "Rows that were read");
  await page.context().close();
});

test("uploads keep the focus from step to step, and Enter in a name sends the file", async () => {
  const page = await openForKeys(app, "/");
  await page.getByRole("link", { name: "rides.parquet" }).waitFor();
  const buffer = Buffer.from(tableToIPC(tableFromArrays({ answer: Int32Array.of(42) }), "file"));
  const file = (name: string) => ({ name, mimeType: "", buffer });
  await page.setInputFiles("input[type=file]", [file("new.arrow"), file("rides.arrow"), file("other.arrow")]);
  await waitForFocus(page, "Uploads");
  await tabTo(page, "Remove other.parquet from the list");
  await page.keyboard.press("Enter");
  await waitForFocus(page, "Uploads");
  await tabTo(page, "Upload 2 files", "Shift+Tab");
  await page.keyboard.press("Enter");
  await hear(page, "There is a dataset rides.parquet");
  await waitForFocus(page, "Name of the dataset of rides.arrow");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("second.parquet");
  await page.keyboard.press("Enter");
  await hear(page, "2 of 2 stored");
  await waitForFocus(page, "rides.arrow");
  await page.getByRole("button", { name: "Remove second.parquet from the list" }).waitFor();
  await page.setInputFiles("input[type=file]", [file("new.arrow")]);
  await waitForFocus(page, "Uploads");
  await tabTo(page, "Upload");
  await page.keyboard.press("Enter");
  await waitForFocus(page, "Name of the dataset of new.arrow");
  await tabTo(page, "Replace it");
  await page.keyboard.press("Enter");
  await hear(page, "3 of 3 stored");
  await waitForFocus(page, "new.arrow");
  await tabTo(page, "Clear", "Shift+Tab");
  await page.keyboard.press("Enter");
  await waitForFocus(page, "Datasets");
  await page.context().close();
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
