import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { tableFromArrays } from "apache-arrow";
import { rolldown } from "rolldown";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureClient } from "../../scripts/clients.ts";
import { connect } from "../../src/client-node/index.ts";
import { readFences, type Fence } from "../docs/fences.ts";
import { createCertificate } from "../support/certificate.ts";
import { launchChromium } from "../support/chromium.ts";
import { serveFiles } from "../support/serve-files.ts";
import type { StoreServer } from "../support/test-store.ts";

/** The examples of docs/files.md for DuckDB-Wasm, in a page of another origin, over HTTPS. */

/** Packages of DuckDB-Wasm. The newest gets its Parquet reader from a site of its own; the older one contains it. */
const newest = "@duckdb/duckdb-wasm";
const withParquet = "duckdb-wasm-with-parquet";

/** The next block after an example is what it prints. */
const fences = readFences("docs/files.md");
const examples = fences.filter((fence) => fence.language === "js" && fence.text.includes("connection."));

const ended = new AsyncDisposableStack();
let server: StoreServer;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  const folder = await ensureClient("duckdb-wasm");
  const page = ended.adopt(await servePackages(join(folder, "node_modules")), closeServer);
  origin = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
  const { cert, key } = await createCertificate();
  server = ended.use(await serveFiles({ tls: { cert, key }, corsOrigins: [origin] }));
  const client = connect(`grpc+tls://localhost:${server.port}`, { tls: { ca: cert } });
  await client.put("cities.parquet", tableFromArrays({ id: Int32Array.from({ length: 1000 }, (_, i) => i) }));
  client.close();
  browser = ended.adopt(await launchChromium(), (started) => started.close());
}, 900_000);
afterAll(() => ended.disposeAsync());

test.each([
  [withParquet, "read_parquet"],
  [withParquet, "insertArrowFromIPCStream"],
  [newest, "insertArrowFromIPCStream"],
])("%s: %s", async (packageName, part) => {
  const example = examples.find((fence) => fence.text.includes(part))!;
  await expectInPage(packageName, example, fences[fences.indexOf(example) + 1]!.text.trim());
});

/** Runs an example in a page that has a connection of DuckDB-Wasm, and compares what it prints. */
async function expectInPage(packageName: string, example: Fence, expected: string): Promise<void> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  try {
    const page = await context.newPage();
    const printed: string[] = [];
    page.on("console", (message) => message.type() === "log" && printed.push(message.text()));
    await page.goto(origin);
    const code = example.text.replaceAll("localhost:8815", `localhost:${server.port}`);
    await evaluate(page, packageName, code);
    // The last line may come after the end of the program.
    await expect.poll(() => printed.join("\n")).toBe(expected);
  } finally {
    await context.close();
  }
}

async function evaluate(page: Page, packageName: string, code: string): Promise<void> {
  const program = `(async () => {
    const duckdb = await import("/${packageName}/bundle.mjs");
    const worker = new Worker("/${packageName}/dist/duckdb-browser-eh.worker.js");
    const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
    await database.instantiate("/${packageName}/dist/duckdb-eh.wasm");
    const connection = await database.connect();
    ${code}
    worker.terminate();
  })()`;
  await page.evaluate(program);
}

/** Serves an empty page, the files of the packages, and each package's main module as one file. */
async function servePackages(modules: string): Promise<Server> {
  const bundles = new Map<string, string>();
  for (const name of [newest, withParquet]) bundles.set(`/${name}/bundle.mjs`, await bundle(join(modules, name)));
  const page = "<!doctype html><title>DuckDB</title>";
  const started = createServer((req, res) => {
    const path = req.url ?? "/";
    const type = path.endsWith(".wasm") ? "application/wasm" : path === "/" ? "text/html" : "text/javascript";
    const content = path === "/" ? page : (bundles.get(path) ?? readFile(join(modules, path)));
    Promise.resolve(content).then(
      (body) => res.setHeader("content-type", type).end(body),
      () => res.writeHead(404).end(),
    );
  });
  await once(started.listen(0, "127.0.0.1"), "listening");
  return started;
}

async function bundle(folder: string): Promise<string> {
  const input = join(folder, "dist/duckdb-browser.mjs");
  await using build = await rolldown({ input, platform: "browser", logLevel: "silent" });
  const { output } = await build.generate({ format: "esm", codeSplitting: false });
  return output[0].code;
}

async function closeServer(started: Server): Promise<void> {
  started.closeAllConnections();
  await once(started.close(), "close");
}
