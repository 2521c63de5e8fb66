import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { connect, type DatasetClient, type Progress } from "../../src/client/index.ts";
import { expectNothingOpen, filesOf } from "../client/flight-suite.ts";
import { batchByteLength, countUp, readUp } from "./numbers.ts";
import { routes, type PageServer } from "./routes.ts";

/** Far above what any of it takes, on machines that are busy as well. */
const patienceMs = 300_000;

const batchCount = 100;
const rowCount = (batchCount * batchByteLength) / Float64Array.BYTES_PER_ELEMENT;

describe.each(routes)("100 MiB over %s", (route) => {
  let server: PageServer;
  let client: DatasetClient;
  beforeAll(async () => {
    server = await commands.startServer();
    client = connect(server.urls[route]);
  });
  afterEach(() => expectNothingOpen(client));
  afterAll(() => commands.stopServer(server.id));

  test("are put, and got, with their progress told", { timeout: patienceMs }, async () => {
    const [sent, received]: [Progress[], Progress[]] = [[], []];
    await client.put("large", countUp(batchCount), { onProgress: (progress) => sent.push(progress) });
    expect(await readUp(client.get("large", { onProgress: (progress) => received.push(progress) }))).toBe(rowCount);
    for (const told of [sent, received]) {
      expect(told.length).toBeGreaterThanOrEqual(batchCount / 2);
      expect(told.at(-1)).toMatchObject({ rowCount });
      expect(told.at(-1)!.byteLength).toBeGreaterThanOrEqual(batchCount * batchByteLength);
      expect(told.every((each, i) => i === 0 || each.rowCount > told[i - 1]!.rowCount)).toBe(true);
    }
    expect(received.every(({ rowCountTotal }) => rowCountTotal === rowCount)).toBe(true);
  });

  test("whose put is cancelled half way leave nothing", { timeout: patienceMs }, async () => {
    const files = await filesOf(client);
    const leaving = new AbortController();
    const onProgress = (progress: Progress): void => {
      if (progress.rowCount >= rowCount / 2) leaving.abort();
    };
    const putting = client.put("cut", countUp(batchCount), { signal: leaving.signal, onProgress });
    await expect(putting).rejects.toMatchObject({ name: "FlightError", code: "cancelled" });
    await expect.poll(() => filesOf(client)).toEqual(files);
    await expect(client.info("cut")).rejects.toMatchObject({ code: "not_found" });
  });

  test("whose get is cancelled half way end on the server", async () => {
    const leaving = new AbortController();
    const onProgress = (progress: Progress): void => {
      if (progress.rowCount >= rowCount / 2) leaving.abort();
    };
    const getting = readUp(client.get("large", { signal: leaving.signal, onProgress }));
    await expect(getting).rejects.toMatchObject({ name: "FlightError", code: "cancelled" });
  });
});
