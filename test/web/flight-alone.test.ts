import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer, readWebFiles } from "../../src/server/index.ts";
import { startBehindProxy, startRecipe } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, startBrowser, type TestBrowser } from "./app.ts";

const rowCount = 1000;
const fares = Float64Array.from({ length: rowCount }, (_, row) => ((row * 7919) % 10_007) / 100);
const rides = tableFromArrays({
  id: Int32Array.from({ length: rowCount }, (_, row) => row),
  fare: fares,
  vendor: Array.from({ length: rowCount }, (_, row) => ["CMT", "DDS", "VTS"][row % 3]!),
});

interface Served extends AsyncDisposable {
  readonly url: string;
  readonly location: string;
}

/** Serves a producer and the web app by the framework, with no catalog: no DatasetService is there. */
async function startFramework(): Promise<Served> {
  const webFiles = await readWebFiles(join(import.meta.dirname, "../../dist/web"));
  const server = createFlightServer({ producer: createMemoryProducer(), webFiles });
  const { port } = await server.listen({ port: 0 });
  return {
    url: `http://127.0.0.1:${port}`,
    location: `grpc://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => server.close({ drainTimeoutMs: 0 }),
  };
}

// Of the columns the framework's own list says nothing; the proxy has a DatasetService, which counts them.
describe.each([
  [
    "a server of the framework, without a DatasetService",
    startFramework,
    /^small\.parquet\s+1,000\s+[\d.]+ kB\s+–\s+–$/,
  ],
  [
    "the recipe's pyarrow server, through the proxy",
    () => startBehindProxy(startRecipe),
    /^small\.parquet\s+1,000\s+\d+ B\s+3\s+–$/,
  ],
])("before %s, the web app", (_, start, listed) => {
  let served: Served;
  let browser: TestBrowser;
  let client: ReturnType<typeof connect>;
  const open = (path: string): Promise<Page> => browser.open(served.url + path);

  beforeAll(async () => {
    served = await start();
    browser = await startBrowser();
    client = connect(served.location);
    await client.put("small.parquet", rides);
  });
  afterAll(async () => {
    client.close();
    await browser[Symbol.asyncDispose]();
    await served[Symbol.asyncDispose]();
  });

  test("lists datasets with what the server says of them, and finds them by name", async () => {
    const page = await open("/");
    await page.getByText(/^1 dataset( ·|$)/).waitFor();
    await expect.poll(() => page.locator(".dataset-list tbody tr").innerText()).toMatch(listed);
    await page.getByLabel("Search datasets by name").fill("nothing");
    await page.getByText("0 of 1 dataset", { exact: true }).waitFor();
    await page.context().close();
  });

  test("shows rows, as they come and sorted, and nothing that only Hangar has", async () => {
    const page = await open("/");
    await page.getByRole("link", { name: "small.parquet" }).click();
    await expect.poll(() => cellsOfRow(page, 3)).toEqual(["2", String(fares[2]), "VTS"]);
    await page.getByLabel("Go to row").fill("1000");
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await cellsOfRow(page, 1000))[0]).toBe("999");
    await expect.poll(() => page.getByLabel("Filter rows").count()).toBe(0);
    await expect.poll(() => page.getByRole("button", { name: "Download" }).count()).toBe(0);
    await page.getByRole("columnheader", { name: "fare" }).click();
    await page.getByText("Sorted by fare, ascending.").waitFor();
    const second = fares.toSorted()[1];
    await waitUntil("the rows are sorted", async () => (await cellsOfRow(page, 2))[1] === String(second));
    await page.context().close();
  });

  test("sums up columns, by which nothing is filtered, tells the schema, and draws a plot", async () => {
    const page = await open("/?dataset=small.parquet&tab=columns");
    await page.getByText("Of all 1,000 rows.").waitFor();
    const vendor = page.getByRole("listitem", { name: "vendor" });
    await expect.poll(() => vendor.innerText()).toMatch(/Distinct\s+3\s[^]*CMT\s+33 %/);
    await expect.poll(() => vendor.getByRole("button", { name: /CMT/ }).isDisabled()).toBe(true);
    await page.getByRole("link", { name: "Schema and file" }).click();
    await page.getByText("This server does not report how the dataset is stored.").waitFor();
    await page.getByRole("link", { name: "Plot" }).click();
    await page.getByLabel("Colour").selectOption("vendor");
    await page.getByRole("list", { name: "Colours of vendor" }).getByText("VTS").waitFor();
    await page.getByText("All 1,000 rows.").waitFor();
    await page.context().close();
  });

  test("uploads Arrow files, asks before it replaces, and says that Parquet is not taken", async () => {
    const page = await open("/");
    const panel = page.getByRole("complementary", { name: "Uploads" });
    const upload = async (name: string, buffer: Buffer): Promise<void> => {
      await page.setInputFiles("input[type=file]", { name, mimeType: "", buffer });
      await panel.getByRole("button", { name: "Upload", exact: true }).click();
    };
    const arrow = (...values: number[]): Buffer =>
      Buffer.from(tableToIPC(tableFromArrays({ n: Int32Array.from(values) }), "file"));
    const countRows = async (): Promise<number | undefined> => (await client.info("new.parquet")).rowCount;
    await upload("new.arrow", arrow(1, 2));
    await panel.getByText(/^Stored, /).waitFor();
    expect(await countRows()).toBe(2);
    await panel.getByRole("button", { name: "Clear" }).click();
    await upload("new.arrow", arrow(1, 2, 3));
    await panel.getByText("There is a dataset new.parquet").waitFor();
    expect(await countRows()).toBe(2);
    await panel.getByRole("button", { name: "Replace it" }).click();
    await panel.getByText(/^Stored, /).waitFor();
    expect(await countRows()).toBe(3);
    await panel.getByRole("button", { name: "Clear" }).click();
    await upload("other.parquet", Buffer.from("PAR1....PAR1"));
    await panel.getByText("this server takes Arrow files, and no Parquet").waitFor();
    await page.context().close();
  });

  test("drops datasets, and says what an empty server takes", async () => {
    const page = await open("/");
    for (const name of ["new.parquet", "small.parquet"]) {
      await page.getByRole("link", { name }).click();
      await page.getByRole("button", { name: "Delete…" }).click();
      await page.getByRole("button", { name: "Delete it" }).click();
      await page.getByRole("link", { name }).waitFor({ state: "detached" });
    }
    await page.getByRole("heading", { name: "No datasets yet" }).waitFor();
    const text = (): Promise<string> => page.locator("main").innerText();
    await expect.poll(text).toContain("Drop Arrow files on this page");
    await expect.poll(text).not.toContain("curl");
    await page.context().close();
  });

  test("complains of nothing", () => {
    expect(browser.complaints).toEqual([]);
  });
});
