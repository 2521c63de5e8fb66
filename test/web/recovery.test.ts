import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { startChild, type Child } from "../support/child.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { freePort } from "../support/free-port.ts";
import { hangarProgram } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, fixturesMs, startBrowser, writeFixtures, type TestBrowser } from "./app.ts";

let folder: TemporaryFolder;
let browser: TestBrowser;
let server: Child;
let port: number;

/** Starts the server on the folder, always on the same port. */
async function start(): Promise<void> {
  const flags = ["--host", "127.0.0.1", "--port", String(port), "--repo", folder.path];
  server = startChild(process.execPath, [hangarProgram, "serve", ...flags]);
  await server.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
}

/** Ends it as a power cut does. */
async function kill(): Promise<void> {
  server.kill("SIGKILL");
  await server.exit();
}

const open = (path: string): Promise<Page> => browser.open(`http://127.0.0.1:${port}${path}`);

const isLost = (page: Page) => page.getByText("The server cannot be reached");

beforeAll(async () => {
  folder = await createTemporaryFolder();
  browser = await startBrowser();
  await writeFixtures(folder.path, ["small"]);
  // Between two servers, nobody else is given this port.
  port = await freePort();
  await start();
}, fixturesMs);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe("when the server has died and come back", () => {
  test.each<[string, (page: Page) => Promise<void>, (page: Page) => Promise<void>]>([
    [
      "rows",
      async (page) => void (await cellsOfRow(page, 1)),
      async (page) => await expect.poll(async () => (await cellsOfRow(page, 900))[0]).toBe("899"),
    ],
    [
      "columns",
      async (page) => await page.getByText("Of all 1,000 rows.").waitFor(),
      async (page) => await page.getByText(/of all [\d,]+ rows that meet the filter\./).waitFor(),
    ],
    [
      "plot",
      async (page) => await page.getByText("All 1,000 rows.").waitFor(),
      async (page) => await page.getByRole("img", { name: "Points of tip by pickup" }).waitFor(),
    ],
  ])("the page goes on by itself at %s, with what was asked for meanwhile", async (tab, isThere, isBack) => {
    const page = await open(`/?dataset=small.parquet&tab=${tab}`);
    await isThere(page);
    await kill();
    if (tab === "rows") {
      await page.getByLabel("Go to row").fill("900");
      await page.keyboard.press("Enter");
    } else if (tab === "columns") {
      await page.getByLabel("Filter rows").fill("id < 100");
      await page.keyboard.press("Enter");
    } else await page.getByLabel("Y", { exact: true }).selectOption("tip");
    await isLost(page).waitFor();
    await start();
    await isBack(page);
    await isLost(page).waitFor({ state: "detached" });
    await expect.poll(() => page.getByRole("alert").count()).toBe(0);
    await page.context().close();
  });

  test("the list has what has come meanwhile", async () => {
    const page = await open("/");
    await page.getByRole("link", { name: "small.parquet" }).waitFor();
    await kill();
    await page.getByRole("link", { name: "small.parquet" }).click();
    await isLost(page).waitFor();
    await page.goBack();
    await copyFile(join(folder.path, "small.parquet"), join(folder.path, "copy.parquet"));
    await start();
    await page.getByRole("link", { name: "copy.parquet" }).waitFor();
    await page.context().close();
  });

  test("an upload that was cut is tried again, and is whole", async () => {
    const page = await open("/");
    const path = join(folder.path, ".large.arrow");
    const values = new Float64Array(4_000_000).map((_, i) => i);
    await writeFile(path, tableToIPC(tableFromArrays({ n: values }), "file"));
    await page.setInputFiles("input[type=file]", path);
    // A slow line: the upload is under way for minutes, and so for as long as the test looks.
    const session = await page.context().newCDPSession(page);
    const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200_000 };
    await session.send("Network.emulateNetworkConditions", slow);
    const panel = page.getByRole("complementary", { name: "Uploads" });
    await panel.getByLabel("Name of the dataset of").fill("again.parquet");
    await panel.getByRole("button", { name: "Upload", exact: true }).click();
    const progress = panel.getByRole("progressbar");
    await waitUntil("some of the file has gone", async () => Number(await progress.getAttribute("value")) > 4_000_000);
    await kill();
    await panel.getByText("Failed", { exact: true }).waitFor();
    await session.send("Network.emulateNetworkConditions", { ...slow, uploadThroughput: -1 });
    await start();
    const client = connect(`grpc://127.0.0.1:${port}`);
    await expect(client.info("again.parquet")).rejects.toMatchObject({ code: "not_found" });
    await panel.getByRole("button", { name: "Try again" }).click();
    await panel.getByText(/^Stored, /).waitFor();
    expect((await client.info("again.parquet")).rowCount).toBe(4_000_000);
    client.close();
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(browser.complaints).toEqual([]);
});
