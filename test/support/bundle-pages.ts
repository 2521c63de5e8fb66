import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright";

/** What the page's programs find in `globalThis.hangar`: all of `dist/browser.min.js`. */
export type Bundle = typeof import("../../src/client/index.ts") & typeof import("apache-arrow");

/** A server of one empty page that has the bundle, under two origins. */
export interface BundlePages extends AsyncDisposable {
  readonly origins: readonly [string, string];
  /** Opens the page in a browser context of its own. */
  open(browser: Browser, origin: string): Promise<Page>;
}

const html = `<!doctype html><script type="module">
import * as hangar from "/browser.min.js";
globalThis.hangar = hangar;
</script>`;

/** Starts the server on a free port. */
export async function startBundlePages(): Promise<BundlePages> {
  const script = await readFile(join(import.meta.dirname, "../../dist/browser.min.js"));
  const server = createServer((req, res) => {
    const isScript = req.url === "/browser.min.js";
    res.setHeader("content-type", isScript ? "text/javascript" : "text/html").end(isScript ? script : html);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origins: [`http://127.0.0.1:${port}`, `http://localhost:${port}`],
    async open(browser, origin) {
      const page = await browser.newPage();
      await page.goto(origin);
      await page.waitForFunction(() => "hangar" in globalThis);
      return page;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}
