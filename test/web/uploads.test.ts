import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { ensurePython } from "../../scripts/python.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { filesBelow } from "../support/process-files.ts";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, fixturesMs, useApp, writeFixtures } from "./app.ts";
import { expectCopied } from "./grid.ts";
import { refuseRequests } from "./requests.ts";

const app = useApp();

const table = tableFromArrays({ answer: Int32Array.of(42, 43) });
const arrow = (name: string, format: "file" | "stream" = "file") => ({
  name,
  mimeType: "",
  buffer: Buffer.from(tableToIPC(table, format)),
});
const choose = (page: Page, files: Parameters<Page["setInputFiles"]>[1]): Promise<void> =>
  page.setInputFiles("input[type=file]", files);
const names = async (): Promise<string[]> => {
  const found: string[] = [];
  for await (const { name } of connect(app.server.location).list()) found.push(name);
  return found.toSorted();
};
/** How many calls put data into the server, as it counts them itself. */
const putCount = async (): Promise<number> => {
  const metrics = await (await fetch(`${app.server.url}/metrics`)).text();
  return Number(/^hangar_calls_active\{method=".*DoPut"\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
};

describe("a server without datasets", () => {
  test("says what to do next, with lines to copy", async () => {
    const page = await app.open("/");
    await page.getByRole("heading", { name: "No datasets yet" }).waitFor();
    await page.getByRole("button", { name: "Copy the lines for Python, pyarrow" }).click();
    await expectCopied(page, expect.stringContaining(`pa.flight.connect("grpc://127.0.0.1:${app.server.port}")`));
    await page.context().close();
  });
});

describe("files that are uploaded", () => {
  test("become datasets: several at once, Arrow files and streams, under names that can be changed", async () => {
    const page = await app.open("/");
    await choose(page, [arrow("one.arrow"), arrow("two.arrows", "stream")]);
    const panel = page.getByRole("complementary", { name: "Uploads" });
    await panel.getByLabel("Name of the dataset of two.arrows").fill("renamed/two.parquet");
    await panel.getByRole("button", { name: "Upload 2 files" }).click();
    await panel.getByRole("link", { name: "renamed/two.parquet" }).waitFor();
    await waitUntil("both are stored", async () => (await panel.getByText(/^Stored, /).count()) === 2);
    await panel.getByRole("link", { name: "one.parquet" }).click();
    await expect.poll(() => cellsOfRow(page, 2)).toEqual(["43"]);
    await expect.poll(() => names()).toEqual(["one.parquet", "renamed/two.parquet"]);
    await page.context().close();
  });

  test("are dropped on the page, wherever that is, which says so while they are held over it", async () => {
    const page = await app.open("/");
    const files = await page.evaluateHandle(
      `(() => {
        const transfer = new DataTransfer();
        for (const [name, bytes] of ${JSON.stringify(["left.arrow", "right.arrow"].map((name) => [name, [...arrow(name).buffer]]))})
          transfer.items.add(new File([new Uint8Array(bytes)], name));
        return transfer;
      })()`,
    );
    await page.dispatchEvent("main", "dragenter", { dataTransfer: files });
    await page.getByText("Drop Parquet or Arrow files to upload them").waitFor();
    await page.dispatchEvent("main", "dragover", { dataTransfer: files });
    await page.dispatchEvent("main", "drop", { dataTransfer: files });
    await expect.poll(() => page.getByText("Drop Parquet or Arrow files to upload them").count()).toBe(0);
    const panel = page.getByRole("complementary", { name: "Uploads" });
    await panel.getByRole("button", { name: "Upload 2 files" }).click();
    await panel.getByRole("link", { name: "left.parquet" }).waitFor();
    await panel.getByRole("link", { name: "right.parquet" }).waitFor();
    await expect.poll(() => names()).toEqual(expect.arrayContaining(["left.parquet", "right.parquet"]));
    await page.context().close();
  });

  test("may be what pyarrow writes: files, streams and Feather, plain and compressed, with dictionaries that grow", async () => {
    await using folder = await createTemporaryFolder();
    await using child = startChild(await ensurePython(), [join(import.meta.dirname, "arrow_files.py"), folder.path]);
    expect(await child.exit(fixturesMs)).toMatchObject({ exitCode: 0 });
    const paths = (await readdir(folder.path)).map((name) => join(folder.path, name));
    expect(paths).toHaveLength(8);
    const page = await app.open("/");
    await page.setInputFiles("input[type=file]", paths);
    const panel = page.getByRole("complementary", { name: "Uploads" });
    await panel.getByRole("button", { name: "Upload 8 files" }).click();
    await waitUntil("all are stored", async () => (await panel.getByText(/^Stored, /).count()) === 8);
    const client = connect(app.server.location);
    for (const path of paths) {
      const read = await client.get(`${basename(path, extname(path))}.parquet`).table();
      expect(read.numRows).toBe(20_000);
      expect(read.getChild("city")!.get(15_000)).toBe("Oslo");
      expect(read.getChild("id")!.get(19_999)).toBe(19_999n);
    }
    await page.context().close();
  });

  test("may be Parquet, which stays as it is, byte for byte", async () => {
    const page = await app.open("/");
    await writeFixtures(app.server.repo, ["small"]);
    const bytes = await readFile(join(app.server.repo, "small.parquet"));
    await choose(page, { name: "copy.parquet", mimeType: "", buffer: bytes });
    await page.getByRole("button", { name: "Upload", exact: true }).last().click();
    await page.getByRole("link", { name: "copy.parquet" }).first().waitFor();
    expect(await readFile(join(app.server.repo, "copy.parquet"))).toEqual(bytes);
    await page.context().close();
  });

  test("are asked about before they replace a dataset, which may have come meanwhile", async () => {
    const client = connect(app.server.location);
    const page = await app.open("/");
    await choose(page, arrow("raced.arrow"));
    await client.put("raced.parquet", tableFromArrays({ other: Int32Array.of(1) }));
    const panel = page.getByRole("complementary", { name: "Uploads" });
    await panel.getByRole("button", { name: "Upload", exact: true }).click();
    await panel.getByText("There is a dataset raced.parquet").waitFor();
    expect((await client.info("raced.parquet")).rowCount).toBe(1);
    await panel.getByRole("button", { name: "Replace it" }).click();
    await panel.getByText(/^Stored, /).waitFor();
    expect((await client.info("raced.parquet")).rowCount).toBe(2);
    await page.context().close();
  });

  test("are refused where they are nothing that can be stored, in words", async () => {
    const page = await app.open("/");
    await choose(page, { name: "notes.parquet", mimeType: "", buffer: Buffer.from("no parquet") });
    const panel = page.getByRole("complementary", { name: "Uploads" });
    // At once, not when it is sent.
    await panel.getByText("notes.parquet is neither a Parquet nor an Arrow file").waitFor();
    await expect.poll(() => panel.getByRole("button", { name: "Upload", exact: true }).count()).toBe(0);
    // The same file would be refused again.
    await expect.poll(() => panel.getByRole("button", { name: "Try again" }).count()).toBe(0);
    await expect.poll(() => names()).not.toContain("notes.parquet");
    await page.context().close();
  });

  test.each([
    ["cut.arrow", () => arrow("x").buffer.subarray(0, -20), "the Arrow file has been cut"],
    ["tiny.arrow", () => Buffer.from("ARROW1"), "the Arrow file has been cut"],
    ["old.feather", () => Buffer.from("FEA1...."), "is a Feather file of version 1"],
    ["secret.parquet", () => Buffer.from("PARE...."), "with an encrypted footer, which is not taken"],
    ["empty.parquet", () => Buffer.alloc(0), "is neither a Parquet nor an Arrow file"],
    ["parquet.parquet", () => Buffer.from("PAR1 and nothing else"), "does not end like a Parquet file"],
  ])("are told what is wrong with them: %s", async (name, buffer, words) => {
    const page = await app.open("/");
    await choose(page, { name, mimeType: "", buffer: buffer() });
    const panel = page.getByRole("complementary", { name: "Uploads" });
    const [start, refusal] = [panel.getByRole("button", { name: "Upload", exact: true }), panel.getByText(words)];
    // What its first bytes do not tell is told once it is sent.
    if (/been cut|does not end/.test(words)) await start.click();
    await refusal.waitFor();
    await expect.poll(() => names()).not.toContain(name.replace(/\..*/, ".parquet"));
    await page.context().close();
  });

  test.each(["a/../b", "../x", " ", "a//b", ".hidden"])("are not sent under the name %j", async (name) => {
    const page = await app.open("/");
    const before = await names();
    await choose(page, arrow("named.arrow"));
    const panel = page.getByRole("complementary", { name: "Uploads" });
    await panel.getByLabel("Name of the dataset of named.arrow").fill(name);
    await panel.getByRole("button", { name: "Upload", exact: true }).click();
    await panel.getByRole("alert").waitFor();
    await expect.poll(() => panel.getByRole("button", { name: "Try again" }).count()).toBe(0);
    await expect.poll(() => names()).toEqual(before);
    await page.context().close();
  });

  test("are tried all again when the server could not be reached, told about together, and cleared", async () => {
    const page = await app.open("/");
    const files = ["i", "ii", "iii"].map((name) => arrow(`again-${name}.arrow`));
    await choose(page, [...files, { name: "never.parquet", mimeType: "", buffer: Buffer.from("no parquet") }]);
    await refuseRequests(page, "**/*");
    const panel = page.getByRole("complementary", { name: "Uploads" });
    await panel.getByRole("button", { name: "Upload 3 files" }).click();
    await panel.getByText("0 of 4 stored, 4 failed").waitFor();
    await page.getByText("The server cannot be reached").waitFor();
    await page.unroute("**/*");
    await page.getByText("The server cannot be reached").waitFor({ state: "detached" });
    await panel.getByRole("button", { name: "Try all again" }).click();
    await panel.getByText("3 of 4 stored, 1 failed").waitFor();
    await expect.poll(() => panel.getByRole("button", { name: "Try all again" }).count()).toBe(0);
    await panel.getByRole("button", { name: "Clear" }).click();
    await panel.waitFor({ state: "detached" });
    await expect
      .poll(() => names())
      .toEqual(expect.arrayContaining(["again-i.parquet", "again-ii.parquet", "again-iii.parquet"]));
    await page.context().close();
  });

  test("show how far they are, and leave nothing when they are cancelled", async () => {
    const page = await app.open("/");
    const before = await filesBelow(app.server.repo);
    const large = tableFromArrays({ n: new Float64Array(4_000_000).map((_, i) => i) });
    await using folder = await createTemporaryFolder();
    const path = join(folder.path, "large.arrow");
    await writeFile(path, tableToIPC(large, "file"));
    await page.setInputFiles("input[type=file]", path);
    // A slow line: the upload is under way for minutes, and so for as long as the test looks.
    const session = await page.context().newCDPSession(page);
    const network = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200_000 };
    await session.send("Network.emulateNetworkConditions", network);
    const panel = page.getByRole("complementary", { name: "Uploads" });
    await panel.getByRole("button", { name: "Upload", exact: true }).click();
    const progress = panel.getByRole("progressbar");
    await waitUntil("some of the file has gone", async () => Number(await progress.getAttribute("value")) > 0);
    await panel.getByText(/B of 32\.0 MB/).waitFor();
    // Whoever leaves the page is asked first.
    const asked = new Promise<string>((resolve) =>
      page.once("dialog", (dialog) => {
        resolve(dialog.type());
        void dialog.dismiss().catch(() => {});
      }),
    );
    void page.reload().catch(() => {});
    expect(await asked).toBe("beforeunload");
    await expect.poll(() => putCount()).toBe(1);
    await panel.getByRole("button", { name: "Cancel large.parquet" }).click();
    await panel.waitFor({ state: "detached" });
    // Whatever still went on would be here at once.
    await session.send("Network.emulateNetworkConditions", { ...network, uploadThroughput: -1 });
    await waitUntil("the server puts nothing any more", async () => (await putCount()) === 0);
    await expect.poll(() => filesBelow(app.server.repo)).toEqual(before);
    await page.context().close();
  });
});

describe("a dataset", () => {
  test("is dropped when its name has been seen and confirmed", async () => {
    await connect(app.server.location).put("gone.parquet", table);
    const page = await app.open("/?dataset=gone.parquet");
    await page.getByRole("button", { name: "Delete…" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete gone.parquet?" });
    await dialog.getByRole("button", { name: "Keep it" }).click();
    await expect.poll(() => names()).toContain("gone.parquet");
    await page.getByRole("button", { name: "Delete…" }).click();
    await dialog.getByRole("button", { name: "Delete it" }).click();
    await page.getByRole("heading", { name: "Datasets" }).waitFor();
    await expect.poll(() => names()).not.toContain("gone.parquet");
    await expect.poll(() => page.getByRole("link", { name: "gone.parquet" }).count()).toBe(0);
    await page.context().close();
  });

  test("complains of nothing", () => {
    expect(app.complaints).toEqual([]);
  });
});
