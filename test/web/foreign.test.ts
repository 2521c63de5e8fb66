import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPathDescriptor, FlightError, type FlightFrame } from "../../src/flight/index.ts";
import { decodeIpcStream } from "../../src/arrow/index.ts";
import type { FlightProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { startProxy } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, startBrowser, type TestBrowser } from "./app.ts";

type Columns = Record<string, Int32Array>;

const framesOf = (columns: Columns): FlightFrame[] => [
  ...decodeIpcStream(tableToIPC(tableFromArrays(columns), "stream")),
];
const schemaOf = (columns: Columns): Uint8Array => tableToIPC(tableFromArrays(columns).slice(0, 0), "stream");

async function serve(producer: FlightProducer): Promise<{ location: string } & AsyncDisposable> {
  const server = createFlightServer({ producer });
  const { port } = await server.listen({ port: 0 });
  return { location: `grpc://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server.close({ drainTimeoutMs: 0 }) };
}

describe("before servers that are not Hangar's, through the proxy, the web app", () => {
  const ended = new AsyncDisposableStack();
  let browser: TestBrowser;
  let url: string;
  /** What the dataset `changing` has by now. */
  let changing: Columns = { a: Int32Array.of(1, 2), b: Int32Array.of(3, 4) };

  beforeAll(async () => {
    const other = ended.use(
      await serve({
        doGet: async function* () {
          yield* framesOf({ n: Int32Array.of(2) });
        },
      }),
    );
    const main = ended.use(
      await serve({
        async getFlightInfo(_context, descriptor) {
          const [name] = descriptor.path;
          if (name === undefined) throw new FlightError("invalid_argument", "this server takes no commands");
          const schema = schemaOf(name === "changing" ? changing : { n: Int32Array.of() });
          const uris = name === "parts" ? ["grpc://0.0.0.0:1", other.location] : ["grpc://0.0.0.0:1"];
          const endpoint = uris.map((uri) => ({ ticket: { ticket: Buffer.from(name) }, location: [{ uri }] }));
          return {
            flightDescriptor: createPathDescriptor([name]),
            schema,
            endpoint,
            ordered: true,
            totalRecords: 2n,
            totalBytes: -1n,
          };
        },
        async *doGet(_context, { ticket }) {
          const name = Buffer.from(ticket).toString();
          if (name === "gone") throw new FlightError("not_found", "its rows are nowhere");
          yield* framesOf(name === "changing" ? changing : { n: Int32Array.of(1) });
        },
      }),
    );
    const proxy = ended.use(
      await startProxy({ location: main.location, repo: "" }, "--upstream-allow", other.location),
    );
    url = proxy.url;
    browser = ended.use(await startBrowser());
  });
  afterAll(() => ended.disposeAsync());

  test("reads each part of a flight at the server that has it", async () => {
    const page = await browser.open(url + "/?dataset=parts");
    await expect.poll(() => cellsOfRow(page, 1)).toEqual(["1"]);
    await expect.poll(() => cellsOfRow(page, 2)).toEqual(["2"]);
    await page.context().close();
  });

  test("looks once for another version where rows cannot be found, and then says so", async () => {
    const page = await browser.open(url + "/?dataset=gone");
    await page.getByText("its rows are nowhere").waitFor();
    let requestCount = 0;
    page.on("request", () => (requestCount += 1));
    await page.waitForTimeout(3000);
    expect(requestCount).toBeLessThan(12);
    await expect.poll(() => page.getByRole("button", { name: "Try again" }).count()).toBe(1);
    await page.context().close();
  });

  test("shows a dataset anew whose columns are others by now", async () => {
    const page = await browser.open(url + "/?dataset=changing");
    await expect.poll(() => cellsOfRow(page, 2)).toEqual(["2", "4"]);
    changing = { a: Int32Array.of(5, 6) };
    await page.getByRole("columnheader", { name: "a" }).click();
    await waitUntil("the new rows are here", async () => (await cellsOfRow(page, 2)).join() === "6");
    await page.context().close();
  });
});
