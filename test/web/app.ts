import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright";
import { afterAll, beforeAll } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { launchChromium } from "../support/chromium.ts";
import { startChild } from "../support/child.ts";
import { startHangar, type TestServer } from "../support/server.ts";
import { patienceMs, waitUntil } from "../support/wait.ts";

/** A browser of a suite's own. */
export interface TestBrowser extends AsyncDisposable {
  readonly browser: Browser;
  /** What pages have complained about by now: errors that nobody caught, and what the Content-Security-Policy refused. */
  readonly complaints: string[];
  /** Opens a page at a URL, in a context without a history. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>;
}

/** The web app of a server of its own, in a browser of its own. Pages are opened at a path, such as `/?dataset=rides.parquet`. */
export interface TestApp extends TestBrowser {
  readonly server: TestServer;
}

/** How long fixtures may take on a busy machine, in milliseconds; for hooks that wait for them as well. */
export const fixturesMs = 400_000;

/** Datasets that `fixtures.py` writes. */
export type Fixture = "rides" | "small" | "every" | "values" | "odd" | "texts" | "wide" | "many";

/** Starts a server over datasets, and a browser. */
export async function startApp(fixtures: readonly Fixture[]): Promise<TestApp> {
  const server = await startHangar();
  await writeFixtures(server.repo, fixtures);
  const browser = await startBrowser();
  return {
    ...browser,
    server,
    open: async (path, options) => await browser.open(server.url + path, options),
    async [Symbol.asyncDispose]() {
      await browser[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/**
 * Starts a server over datasets, and a browser, before the tests of a file, and ends them after them.
 *
 * @param program - what pyarrow then does in the folder of the datasets, as for `runPython`
 */
export function useApp(fixtures: readonly Fixture[] = [], program = ""): Omit<TestApp, keyof AsyncDisposable> {
  let app: TestApp | undefined;
  const started = (): TestApp => {
    if (app === undefined) throw new Error("the app runs only within tests");
    return app;
  };
  beforeAll(async () => {
    app = await startApp(fixtures);
    if (program !== "") await runPython(app, program);
  }, fixturesMs);
  afterAll(async () => await app?.[Symbol.asyncDispose]());
  return {
    get server() {
      return started().server;
    },
    get browser() {
      return started().browser;
    },
    get complaints() {
      return started().complaints;
    },
    open: async (path, options) => await started().open(path, options),
  };
}

/** Starts a browser, for the pages of any server. */
export async function startBrowser(): Promise<TestBrowser> {
  const browser = await launchChromium();
  const complaints: string[] = [];
  return {
    browser,
    complaints,
    async open(url, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 760 }, ...options });
      context.setDefaultTimeout(patienceMs);
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      const page = await context.newPage();
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text());
      });
      await page.goto(url);
      return page;
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** Has pyarrow write datasets into a folder. */
export async function writeFixtures(folder: string, fixtures: readonly Fixture[]): Promise<void> {
  if (fixtures.length === 0) return;
  const program = join(import.meta.dirname, "fixtures.py");
  await using child = startChild(await ensurePython(), [program, folder, ...fixtures]);
  const { exitCode } = await child.exit(fixturesMs);
  if (exitCode !== 0) throw new Error(`pyarrow could not write the fixtures: ${child.output()}`);
}

/** Runs a program of pyarrow, with `pa`, `pq` and `os`, in the folder of an app's datasets. Returns what it prints. */
export async function runPython(app: Pick<TestApp, "server">, program: string): Promise<string> {
  const code = `import pyarrow as pa, pyarrow.parquet as pq\nimport os\nos.chdir(${JSON.stringify(app.server.repo)})\n${program}`;
  await using child = startChild(await ensurePython(), ["-c", code]);
  const { exitCode } = await child.exit(fixturesMs);
  if (exitCode !== 0) throw new Error(`the program of pyarrow failed: ${child.output()}`);
  return child.output();
}

/** The texts of one row's cells, as they are seen, once those in view are here; the row is counted from 1, as people do. */
export async function cellsOfRow(page: Page, row: number): Promise<string[]> {
  const selector = `.data-table tr[aria-rowindex="${row + 1}"] td:not(:has(> [data-more]))`;
  // As text: what runs in a page has no types here.
  const read = `(() => {
    const cells = [...document.querySelectorAll(${JSON.stringify(selector)})];
    const isWaiting = (cell) => {
      const { left, right } = cell.getBoundingClientRect();
      return cell.ariaBusy === "true" && left < innerWidth && right > 0;
    };
    return cells.length === 0 || cells.some(isWaiting) ? null : cells.map((cell) => cell.innerText);
  })()`;
  let texts: string[] | null = null;
  await waitUntil(`row ${row} is here`, async () => {
    texts = await page.evaluate<string[] | null>(read);
    return texts !== null;
  });
  return texts!;
}
