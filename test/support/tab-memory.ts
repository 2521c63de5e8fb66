import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright";

/** The most that a browser's tabs hold while something goes on, in bytes. Rejects as it does. */
export async function peakDuring(browser: Browser, work: Promise<unknown>): Promise<number> {
  const isOver = work.then(() => true);
  // Work that fails while the memory is read is reported by the next race.
  isOver.catch(() => {});
  let peak = 0;
  do peak = Math.max(peak, await heldBytes(browser));
  while (!(await Promise.race([isOver, sleep(100)])));
  return peak;
}

/** What the processes that run pages have in memory, and the one that reads from the network for them, in bytes. */
export async function heldBytes(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const readers = processInfo.filter(({ type }) => type === "renderer" || type.startsWith("network"));
  const sizes = await Promise.all(readers.map(({ id }) => residentBytes(id)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Without files, which processes share; 0 where the process has ended meanwhile. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const sizes = [...status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB/gm)];
  return sizes.reduce((sum, [, kibibytes]) => sum + 1024 * Number(kibibytes), 0);
}
