import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { commands } from "vitest/browser";
import { connect, type DatasetClient } from "../../src/client/index.ts";
import { describeCommands } from "../client/commands-suite.ts";
import { describeDatasets } from "../client/dataset-suite.ts";
import { describeFiles } from "../client/files-suite.ts";
import { collect, describeFlight, expectNothingOpen } from "../client/flight-suite.ts";
import { routes, type PageServer } from "./routes.ts";

/**
 * What may be on its way to a reader that does not read, in bytes: Chromium, as tests run it, takes in some 60 to 90 MB
 * that the page has not asked for. A proxy that collects takes in a gigabyte.
 */
const onTheWayBytesMax = 200_000_000;

describe.each(routes)("in Chromium, by gRPC-Web over %s", (route) => {
  const pausedGetCount = route.startsWith("HTTP/2") ? 2 : 3;
  let server: PageServer;
  let client: DatasetClient;
  beforeAll(async () => {
    server = await commands.startServer();
    client = connect(server.urls[route]);
  });
  afterAll(() => commands.stopServer(server.id));

  describeFlight(() => client);
  describeDatasets(() => client, { pausedGetCount });
  describeCommands(() => client);
  describeFiles(() => client);

  const startGet = () => client.get("scenario/endless")[Symbol.asyncIterator]();

  test("one get more than may run waits for its turn, and a put goes on", async () => {
    const running = Array.from({ length: pausedGetCount }, startGet);
    await Promise.all(running.map((batches) => batches.next()));
    const waiting = startGet();
    let hasBegun = false;
    const arriving = waiting.next().then(({ done }) => (hasBegun = done === false));
    await client.put("meanwhile", tableFromArrays({ n: new Float64Array(500_000) }));
    expect(hasBegun).toBe(false);
    await running[0]!.return(undefined);
    expect(await arriving).toBe(true);
    await Promise.all([...running, waiting].map((batches) => batches.return(undefined)));
    await expectNothingOpen(client);
  });

  test("a get that nobody reads on is held up on the server", async () => {
    const givenBytes = async (): Promise<number> => {
      const [result] = await collect(client.flight.doAction({ type: "endless_bytes" }));
      return Number(new TextDecoder().decode(result?.body));
    };
    const before = await givenBytes();
    const batches = startGet();
    await batches.next();
    let last = -1;
    const hasStopped = async (): Promise<boolean> => last === (last = await givenBytes());
    await vi.waitUntil(hasStopped, { timeout: 60_000, interval: 500 });
    expect(last - before).toBeLessThan(onTheWayBytesMax);
    await batches.return(undefined);
    await expectNothingOpen(client);
  });
});
