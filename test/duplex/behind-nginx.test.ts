import { setTimeout as sleep } from "node:timers/promises";
import { tableFromArrays, type RecordBatch } from "apache-arrow";
import { expect, test } from "vitest";
import { connect } from "../../src/client/index.ts";
import { createFrame, type FlightFrame } from "../../src/flight/index.ts";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { createScenarioProducer } from "../client/scenario-producer.ts";
import { startNginx } from "../support/nginx.ts";

/** nginx ends a response after 60 s of silence. */
const silenceMs = 66_000;

test(
  "a put and an exchange that are silent for more than a minute go on, behind nginx",
  { timeout: 200_000 },
  async () => {
    const server = createFlightServer({ producer: createScenarioProducer(createMemoryProducer()) });
    const { port } = await server.listen({ port: 0 });
    await using nginx = await startNginx([`http://127.0.0.1:${port}`]);
    const client = connect(nginx.http[0]!);
    const batch = tableFromArrays({ n: Int32Array.of(1, 2) }).batches[0]!;
    async function* batches(): AsyncGenerator<RecordBatch> {
      yield batch;
      await sleep(silenceMs);
      yield batch;
    }
    async function* frames(): AsyncGenerator<FlightFrame> {
      yield createFrame({ appMetadata: Uint8Array.of(1) });
      await sleep(silenceMs);
      yield createFrame({ appMetadata: Uint8Array.of(2) });
    }
    const exchange = async (): Promise<number[]> => {
      const echoed: number[] = [];
      for await (const { appMetadata } of client.flight.doExchange(frames())) echoed.push(...appMetadata);
      return echoed;
    };
    const [put, echoed] = await Promise.all([client.put("slow", batches()), exchange()]);
    expect([put.rowCount, echoed]).toEqual([4, [1, 2]]);
    expect((await client.get("slow").table()).numRows).toBe(4);
    await server.close({ drainTimeoutMs: 0 });
  },
);
