import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Progress } from "../../src/client/index.ts";
import { readWebFiles, type FlightServerOptions } from "../../src/server/index.ts";
import { startBundlePages, type Bundle, type BundlePages } from "../support/bundle-pages.ts";
import { launchChromium } from "../support/chromium.ts";
import { serveFiles } from "../support/serve-files.ts";
import type { StoreServer } from "../support/test-store.ts";

/** How a page is to put a file. */
interface Upload {
  readonly url: string;
  readonly credentials: "omit" | "same-origin" | "include";
  /** Whether it is by a `fetch` of the page's own. */
  readonly hasFetch: boolean;
  /** Whether the page cancels it before it is answered. */
  readonly isCancelled: boolean;
}

/** What becomes of it. */
interface Outcome {
  /** That it is stored, and its progress told; the code of its error otherwise. */
  readonly result: string;
  /** What the page's own `fetch` was called for. */
  readonly fetched: readonly string[];
}

/** Runs in the page. */
async function putFile({ url, credentials, hasFetch, isCancelled }: Upload): Promise<Outcome> {
  const { hangar } = globalThis as unknown as { hangar: Bundle };
  const fetched: string[] = [];
  const leaving = new AbortController();
  const ownFetch: typeof fetch = (input, init) => {
    fetched.push(`${init?.method} ${new URL(input instanceof Request ? input.url : input).pathname}`);
    if (isCancelled) queueMicrotask(() => leaving.abort());
    return fetch(input, init);
  };
  for await (const _ of hangar.connect(url, { credentials: "include" }).flight.doAction({ type: "begin_session" }));
  const client = hangar.connect(url, { credentials, ...(hasFetch && { fetch: ownFetch }) });
  let sent: Progress | undefined;
  const bytes = new Uint8Array(hangar.tableToIPC(hangar.tableFromArrays({ n: Int32Array.of(1, 2) }), "stream"));
  const onProgress = (each: Progress): void => void (sent = each);
  const putting = client.put("page", new Blob([bytes]), { signal: leaving.signal, onProgress });
  return await putting.then(
    (put) => ({ result: sent?.byteLength === put.byteLength ? "stored" : "stored without progress", fetched }),
    (error: { code: string }) => ({ result: error.code, fetched }),
  );
}

describe("a file that a page puts", () => {
  let browser: Browser;
  let pages: BundlePages;
  let server: StoreServer;
  /** What came with each file. */
  const cookies: (string | null)[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
    pages = await startBundlePages();
    const authenticate: FlightServerOptions["authenticate"] = ({ header, method }) => {
      if (method.startsWith("PUT")) cookies.push(header.get("cookie"));
      return { subject: "anybody" };
    };
    const webFiles = await readWebFiles("", [join(import.meta.dirname, "../../dist/browser.min.js")]);
    server = await serveFiles({ authenticate, webFiles, corsOrigins: [pages.origins[0]] });
  });
  afterAll(async () => {
    await browser?.close();
    await pages?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  /** Puts a file from a page of the server's own, or of another origin, and tells the cookies that came with it. */
  const put = async (from: "own" | "other", upload: Partial<Upload>) => {
    const url = `http://127.0.0.1:${server.port}`;
    const page = from === "own" ? await openOwnPage(browser, url) : await pages.open(browser, pages.origins[0]);
    try {
      const options: Upload = { url, credentials: "same-origin", hasFetch: false, isCancelled: false, ...upload };
      const outcome = await page.evaluate(putFile, options);
      return { ...outcome, cookies: cookies.splice(0) };
    } finally {
      await page.close();
    }
  };
  const hows = [
    { how: "XMLHttpRequest", hasFetch: false, fetched: [] },
    { how: "its own fetch", hasFetch: true, fetched: ["PUT /datasets/page"] },
  ];

  describe.each(hows)("by $how", ({ hasFetch, fetched }) => {
    test.each([
      ["elsewhere", "other", "include", "session=s1"],
      ["elsewhere", "other", "same-origin", null],
      ["elsewhere", "other", "omit", null],
      ["to its own server", "own", "include", "session=s1"],
      ["to its own server", "own", "same-origin", "session=s1"],
      ["to its own server", "own", "omit", null],
    ] as const)("%s has cookies as credentials say: %s, %s", async (_where, from, credentials, cookie) => {
      const outcome = await put(from, { credentials, hasFetch });
      expect(outcome).toEqual({ result: "stored", fetched, cookies: [cookie] });
    });
  });

  test("by its own fetch can be cancelled", async () => {
    const outcome = await put("other", { hasFetch: true, isCancelled: true });
    expect(outcome).toMatchObject({ result: "cancelled", fetched: ["PUT /datasets/page"] });
  });
});

/** A page of the server's own, which has none in these tests but its bundle. */
async function openOwnPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${url}/nothing`);
  // As text: Vitest replaces what imports, even in what runs elsewhere.
  await page.evaluate('import("/browser.min.js").then((hangar) => void Object.assign(globalThis, { hangar }))');
  return page;
}
