import { afterAll, beforeAll, expect, test } from "vitest";
import { startBundlePages, type Bundle, type BundlePages } from "../support/bundle-pages.ts";
import { launchChromium } from "../support/chromium.ts";
import { startHangar, type TestServer } from "../support/server.ts";

const ended = new AsyncDisposableStack();
let pages: BundlePages;
let server: TestServer;
beforeAll(async () => {
  pages = ended.use(await startBundlePages());
  server = ended.use(await startHangar());
});
afterAll(() => ended.disposeAsync());

test("a page of an unlisted origin is told that --cors-origin may be missing, for calls and for files", async () => {
  const browser = await launchChromium();
  ended.defer(async () => await browser.close());
  const [origin] = pages.origins;
  const page = await pages.open(browser, origin);
  const messages = await page.evaluate(async (url) => {
    const { connect } = (globalThis as unknown as { hangar: Bundle }).hangar;
    const client = connect(url);
    const why = async (call: Promise<unknown>): Promise<string> =>
      await call.then(
        () => "it worked",
        (reason: Error) => reason.message,
      );
    const file = new File(["PAR1"], "a.parquet");
    return [await why(client.info("a")), await why(client.file("a")), await why(client.put("a", file as never))];
  }, server.url);
  for (const message of messages) {
    expect(message).toMatch(new RegExp(`^the connection to ${server.url} failed: .*; is the server there, and`));
    expect(message).toContain(`does it allow pages of ${origin} (hangar serve --cors-origin ${origin})?`);
  }
});
