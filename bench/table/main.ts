import { link, copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { launchChromium } from "../../test/support/chromium.ts";
import { startHangar } from "../../test/support/server.ts";
import { heldBytes, peakDuring } from "../../test/support/tab-memory.ts";
import type { Comparing } from "../compare-servers.ts";
import { median, type Figure } from "../figures.ts";
import { ensureTable, rowCount } from "./dataset.ts";
import { startPeer } from "./peer.ts";

/** How long a page may take, in milliseconds, on a busy machine. */
const patienceMs = 300_000;

/** How long a new window of Chromium is left alone, in milliseconds: it loads pages of its own at first. */
const settledMs = 2000;

/** The most that a tab may hold in test/web/memory.test.ts, in MB. */
const heldMegabytesMax = 390;

/** Columns that the web app reads at first. */
const columnsInView = ["id", "pickup", "dropoff", "driver", "vendor", "payment", "borough", "pickup_zone"].concat([
  "dropoff_zone",
  "passengers",
  "distance",
  "fare",
]);

const all = rowCount.toLocaleString("en");
const view = "/?dataset=rides.parquet";

/** Says in the page when all cells in view have come, with the text that is given; text, as it runs in the page. */
const drawnMs = (text = ""): string => `new Promise((resolve) => {
  const isInView = (cell) => {
    const { left, right } = cell.getBoundingClientRect();
    return left < innerWidth && right > 0;
  };
  const look = () => {
    const cells = [...document.querySelectorAll(".data-table:not([data-waiting]) tr[aria-rowindex='2'] td")];
    const isDrawn = cells.length > 0 && !cells.some((cell) => cell.ariaBusy === "true" && isInView(cell));
    if (isDrawn && document.body.innerText.includes(${JSON.stringify(text)})) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})`;

/** Measures the web app on a table of 3 million rows and 40 columns, beside hyparquet in a page. */
export async function measureTable({ rounds }: Comparing): Promise<Figure[]> {
  const file = await ensureTable();
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startHangar("--log-level", "warn"));
  const served = join(server.repo, "rides.parquet");
  await link(file, served).catch(() => copyFile(file, served));
  const peer = stack.use(await startPeer(file));
  const browser = await launchChromium();
  stack.defer(() => browser.close());
  const first = { hangar: [] as number[], peer: [] as number[], peerInView: [] as number[], sort: [] as number[] };
  for (let i = 0; i < rounds; i++) {
    await withPage(browser, async (page) => {
      await page.goto(server.url + view, { waitUntil: "commit" });
      first.hangar.push(await page.evaluate<number>(drawnMs()));
      first.sort.push(await filterAndSort(page));
    });
    first.peer.push(await withPage(browser, (page) => readWithPeer(page, peer.url())));
    first.peerInView.push(await withPage(browser, (page) => readWithPeer(page, peer.url(columnsInView))));
  }
  const scan = await withPage(browser, (page) => scanAll(browser, page, server.url));
  return toFigures({ ...first, ...scan });
}

/** Runs in a new window. */
async function withPage<T>(browser: Browser, run: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 760 } });
  try {
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    await page.waitForTimeout(settledMs);
    return await run(page);
  } finally {
    await context.close();
  }
}

async function readWithPeer(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: "commit" });
  await page.waitForFunction("globalThis.readMs");
  return await page.evaluate<number>("globalThis.readMs");
}

/** Returns the time in milliseconds until 512 rows, all over the table, are sorted and drawn. */
async function filterAndSort(page: Page): Promise<number> {
  await page.waitForTimeout(settledMs);
  const url = `${view}&filter=driver+%3D+4711&order=-measure_03`;
  const change = `history.pushState(null, "", ${JSON.stringify(url)}); dispatchEvent(new PopStateEvent("popstate"));`;
  const startMs = await page.evaluate<number>(`(() => { const ms = performance.now(); ${change} return ms; })()`);
  return (await page.evaluate<number>(drawnMs(`512 of ${all} rows meet the filter`))) - startMs;
}

/** Returns the time in seconds to look at all values, and the memory in MB that the tab had meanwhile. */
async function scanAll(browser: Browser, page: Page, url: string): Promise<{ scan: number; memory: number }> {
  const before = await heldBytes(browser);
  await page.goto(`${url}${view}&tab=columns`);
  const button = page.getByRole("button", { name: `Scan all ${all} rows` });
  await button.waitFor();
  const startMs = performance.now();
  const scanning = button.click().then(() => page.getByText(`Of all ${all} rows.`).waitFor());
  const peak = await peakDuring(browser, scanning);
  return { scan: (performance.now() - startMs) / 1000, memory: (peak - before) / 1e6 };
}

interface Samples {
  readonly hangar: readonly number[];
  readonly peer: readonly number[];
  readonly peerInView: readonly number[];
  readonly sort: readonly number[];
  readonly scan: number;
  readonly memory: number;
}

function toFigures({ hangar, peer, peerInView, sort, scan, memory }: Samples): Figure[] {
  const less = { better: "less" } as const;
  const values = {
    hangar: median(hangar),
    hyparquet: median(peer),
    "hyparquet, columns in view": median(peerInView),
  };
  return [
    { ...less, title: "first rows", unit: "ms", values, aims: { hangar: 1000, hyparquet: 0.5 } },
    {
      ...less,
      title: "filter and sort of 512 rows",
      unit: "ms",
      values: { hangar: median(sort) },
      aims: { hangar: 1500 },
    },
    { ...less, title: "scan of all rows of all columns", unit: "s", values: { hangar: scan } },
    {
      ...less,
      title: "peak memory of the tab during the scan",
      unit: "MB",
      values: { hangar: memory },
      aims: { hangar: heldMegabytesMax },
    },
  ];
}
