import { create } from "@bufbuild/protobuf";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CriteriaSchema } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { collect } from "../client/flight-suite.ts";
import { createScenarioProducer } from "../client/scenario-producer.ts";
import { createTestContext } from "../contract/call-context.ts";
import { startBundlePages, type Bundle, type BundlePages } from "../support/bundle-pages.ts";
import { launchChromium } from "../support/chromium.ts";

/** What a page gets of a server, or the code of the error. */
interface Outcome {
  /** What became of a put and a get. */
  readonly stored: string;
  /** A header of an answer, and the code of an error of the server's. */
  readonly told: readonly (string | undefined)[];
  /** The cookie that the server sees in a second call. */
  readonly cookie: string;
  /** By which HTTP the server was reached, as far as the page is told. */
  readonly protocols: readonly string[];
}

/** Runs in the page. */
async function callServer([url, credentials]: readonly [string, "same-origin" | "include"]): Promise<Outcome> {
  const { hangar } = globalThis as unknown as { hangar: Bundle };
  const client = hangar.connect(url, { credentials });
  const attempt = async (call: () => Promise<string>): Promise<string> =>
    await call().catch((error: { code: string }) => error.code);
  const act = (type: string): Promise<string> =>
    attempt(async () => {
      let text = "";
      for await (const { body } of client.flight.doAction({ type })) text += new TextDecoder().decode(body);
      return text;
    });
  const stored = await attempt(async () => {
    await client.put("page", hangar.tableFromArrays({ n: Int32Array.of(1, 2) }));
    return String((await client.get("page").table()).numRows);
  });
  let header: string | undefined;
  const options = {
    headers: { "x-question": "why" },
    onHeader: (all: Headers) => (header = all.get("x-answer") ?? ""),
  };
  await attempt(async () => {
    for await (const _ of client.flight.doAction({ type: "headers" }, options));
    return "";
  });
  const code = await attempt(async () => (await client.info("absent")).name);
  await act("begin_session");
  const cookie = await act("visit");
  const entries = performance.getEntriesByType("resource").filter(({ name }) => name.startsWith(url));
  const protocols = new Set(entries.map((entry) => (entry as unknown as { nextHopProtocol: string }).nextHopProtocol));
  // A request that was cut off, as the last Send may be, has none.
  protocols.delete("");
  return { stored, told: [header, code], cookie, protocols: [...protocols] };
}

describe("a page in Chromium", () => {
  let browser: Browser;
  let pages: BundlePages;
  beforeAll(async () => {
    browser = await launchChromium();
    pages = await startBundlePages();
  });
  afterAll(async () => {
    await browser?.close();
    await pages?.[Symbol.asyncDispose]();
  });

  const call = async (corsOrigins: readonly string[], credentials: "same-origin" | "include") => {
    const producer = createMemoryProducer();
    const server = createFlightServer({ producer: createScenarioProducer(producer), corsOrigins });
    const { port } = await server.listen({ port: 0 });
    const page = await pages.open(browser, pages.origins[0]);
    try {
      const outcome = await page.evaluate(callServer, [`http://127.0.0.1:${port}`, credentials] as const);
      const listed = await collect(producer.listFlights!(createTestContext(), create(CriteriaSchema)));
      return { ...outcome, datasetCount: listed.length };
    } finally {
      await page.close();
      await server.close({ drainTimeoutMs: 0 });
    }
  };
  const served = { stored: "2", told: ["why", "not_found"], protocols: ["http/1.1"], datasetCount: 1 };
  const refused = {
    stored: "unavailable",
    told: [undefined, "unavailable"],
    cookie: "unavailable",
    protocols: [],
    datasetCount: 0,
  };

  test("of a listed origin is served, and may use cookies", async () => {
    expect(await call([pages.origins[0]], "include")).toEqual({ ...served, cookie: "session=s1" });
    expect(await call([pages.origins[0]], "same-origin")).toEqual({ ...served, cookie: "" });
  });

  test("is served where all are, but never with cookies", async () => {
    expect(await call(["*"], "same-origin")).toEqual({ ...served, cookie: "" });
    expect(await call(["*"], "include")).toEqual(refused);
  });

  test("of another origin than those listed is refused, whatever it asks for", async () => {
    expect(await call([pages.origins[1]], "same-origin")).toEqual(refused);
    expect(await call([], "include")).toEqual(refused);
  });
});
