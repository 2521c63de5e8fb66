import type { RecordBatch } from "apache-arrow";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { connect } from "../../src/client/index.ts";
import { collect, expectNothingOpen } from "../client/flight-suite.ts";
import { batchByteLength, countUp, readUp } from "./numbers.ts";
import { routes, type PageServer } from "./routes.ts";

let server: PageServer;
beforeEach(async () => {
  server = await commands.startServer();
});
afterEach(() => commands.stopServer(server.id));

test.each(["alone", "behind nginx"])("a put is whole although Sends fail, %s", async (where) => {
  const client = connect(server.flakyUrls[where === "alone" ? 0 : 1]!);
  const batchCount = 16;
  await client.put("whole", countUp(batchCount));
  expect(await commands.countFailedSends(server.id)).toBeGreaterThanOrEqual(batchCount);
  expect(await readUp(client.get("whole"))).toBe((batchCount * batchByteLength) / Float64Array.BYTES_PER_ELEMENT);
  await expectNothingOpen(client);
});

describe.each(routes)("over %s, a server that dies", (route) => {
  const die = async (): Promise<void> => {
    await collect(connect(server.urls[route]).flight.doAction({ type: "die" })).catch(() => {});
  };

  test("during a put gives one error, and the source is left", async () => {
    let isLeft = false;
    async function* source(): AsyncGenerator<RecordBatch> {
      try {
        for await (const batch of countUp(Infinity)) {
          yield batch;
          if (batch.getChildAt(0)!.get(0) === 5 * batch.numRows) void die();
        }
      } finally {
        isLeft = true;
      }
    }
    const putting = connect(server.urls[route]).put("cut", source());
    await expect(putting).rejects.toMatchObject({ name: "FlightError", code: "unavailable" });
    await expect.poll(() => isLeft).toBe(true);
  });

  test("during a get gives one error, and it never looks whole", async () => {
    const getting = (async () => {
      for await (const _ of connect(server.urls[route]).get("scenario/endless")) void die();
    })();
    await expect(getting).rejects.toMatchObject({ name: "FlightError", code: "unavailable" });
  });
});
