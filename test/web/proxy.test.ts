import { expect, test } from "vitest";
import { startChild } from "../support/child.ts";
import { launchChromium } from "../support/chromium.ts";
import { hangarProgram, startRecipe } from "../support/server.ts";
import { cellsOfRow, writeFixtures } from "./app.ts";

test("the web app shows the datasets of the recipe's pyarrow server through the proxy, with what Flight alone offers", async () => {
  await using recipe = await startRecipe();
  await writeFixtures(recipe.repo, ["small"]);
  const flags = ["--host", "127.0.0.1", "--port", "0", "--upstream", recipe.location];
  await using proxy = startChild(process.execPath, [hangarProgram, "serve", ...flags]);
  const [, port] = await proxy.waitFor(/http:\/\/127\.0\.0\.1:(\d+)/);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.getByRole("link", { name: "small.parquet" }).click();
    expect((await cellsOfRow(page, 3))[0]).toBe("2");
    expect(await page.getByLabel("Filter rows").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Download" }).count()).toBe(0);
    await page.getByRole("link", { name: "Columns" }).click();
    await page.getByText("Of all 1,000 rows.").waitFor();
    await page.getByRole("link", { name: "Schema and file" }).click();
    await page.getByText("This server does not tell how the dataset is stored.").waitFor();
    await page.getByRole("button", { name: "Drop…" }).click();
    await page.getByRole("button", { name: "Drop it" }).click();
    await page.getByRole("heading", { name: "No datasets yet" }).waitFor();
  } finally {
    await browser.close();
  }
});
