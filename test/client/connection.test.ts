import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tableFromArrays } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { connect as connectByFetch, type DatasetClient } from "../../src/client/index.ts";
import { connect, type ConnectOptions } from "../../src/client-node/index.ts";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer, type FlightServerOptions } from "../../src/server/index.ts";
import { createCertificate } from "../support/certificate.ts";
import { freePort } from "../support/free-port.ts";
import { collect, expectNothingOpen } from "./flight-suite.ts";
import { createScenarioProducer } from "./scenario-producer.ts";

async function withClient(
  use: (client: DatasetClient, port: number) => Promise<void>,
  {
    server: serverOptions,
    client: clientOptions,
  }: { server?: Partial<FlightServerOptions>; client?: ConnectOptions } = {},
): Promise<void> {
  const server = createFlightServer({ producer: createScenarioProducer(createMemoryProducer()), ...serverOptions });
  const { port } = await server.listen({ port: 0 });
  const client = connect(`${serverOptions?.tls ? "grpc+tls" : "grpc"}://127.0.0.1:${port}`, clientOptions);
  try {
    await use(client, port);
  } finally {
    client.close();
    await server.close({ drainTimeoutMs: 0 });
  }
}

/** What a read of any length may hold, in bytes. */
const heldBytesMax = 150_000_000;

const act = async ({ flight }: DatasetClient, type: string): Promise<string> =>
  Buffer.from((await collect(flight.doAction({ type })))[0]!.body).toString();

describe("a connection of Node's client", () => {
  test("by TLS is made to a server whose certificate is trusted, and to no other", async () => {
    const tls = await createCertificate();
    const table = tableFromArrays({ n: Int32Array.of(1, 2) });
    const trusting = async (client: DatasetClient): Promise<void> => {
      await client.put("safe", table);
      expect((await client.get("safe").table()).numRows).toBe(2);
    };
    await withClient(trusting, { server: { tls }, client: { tls: { ca: tls.cert } } });
    const doubting = async (client: DatasetClient): Promise<void> => {
      await expect(client.info("safe")).rejects.toMatchObject({
        name: "FlightError",
        code: "unavailable",
        message: expect.stringMatching(/^the certificate of https:\S+ is refused: self-signed certificate$/),
      });
    };
    await withClient(doubting, { server: { tls } });
  });

  test("to nobody is UNAVAILABLE", async () => {
    const port = await freePort();
    const failing = connect(`grpc://127.0.0.1:${port}`).info("x");
    await expect(failing).rejects.toMatchObject({
      name: "FlightError",
      code: "unavailable",
      message: `there is no server at http://127.0.0.1:${port} (ECONNREFUSED)`,
    });
  });

  test("to a server that does not speak HTTP/2 says so", async () => {
    const server = createServer((_request, response) => response.end()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(connect(origin).info("x")).rejects.toMatchObject({
      code: "unavailable",
      message: `${origin} closed the connection without an answer; it may need TLS (https:// or grpc+tls://), or be no Flight server`,
    });
    server.close();
  });

  test.each([true, false])("gives a session's cookie back where that is asked for: %s", async (cookies) => {
    await withClient(
      async (client) => {
        await act(client, "begin_session");
        expect(await act(client, "visit")).toBe(cookies ? "session=s1" : "");
      },
      { client: { cookies } },
    );
  });

  test("that is closed ends what is under way, and is made again when it is needed", async () => {
    await withClient(async (client) => {
      const batches = client.get("scenario/endless")[Symbol.asyncIterator]();
      await batches.next();
      client.close();
      const reading = (async () => {
        while ((await batches.next()).done !== true);
      })();
      await expect(reading).rejects.toMatchObject({ name: "FlightError" });
      await expectNothingOpen(client);
    });
  });

  test.each([
    ["gRPC", connect],
    ["fetch", connectByFetch],
  ])("by %s whose server vanishes during a put gives one error", async (_how, connectBy) => {
    const server = createFlightServer({ producer: createMemoryProducer() });
    const { port } = await server.listen({ port: 0 });
    const client = connectBy(`http://127.0.0.1:${port}`);
    async function* source() {
      for (let i = 0; ; i++) {
        yield* tableFromArrays({ n: new Int32Array(100_000) }).batches;
        if (i === 3) void server.close({ drainTimeoutMs: 0 });
        await new Promise(setImmediate);
      }
    }
    await expect(client.put("x", source())).rejects.toMatchObject({
      name: "FlightError",
      code: "unavailable",
    });
  });

  test.each([
    ["gRPC", connect],
    ["fetch", connectByFetch],
  ])("by %s whose server vanishes during a get gives one error, and never looks whole", async (_how, connectBy) => {
    const server = createFlightServer({ producer: createScenarioProducer(createMemoryProducer()) });
    const { port } = await server.listen({ port: 0 });
    const reading = (async () => {
      for await (const _ of connectBy(`http://127.0.0.1:${port}`).get("scenario/endless")) {
        void server.close({ drainTimeoutMs: 0 });
      }
    })();
    await expect(reading).rejects.toMatchObject({ name: "FlightError", code: "unavailable" });
  });

  test("holds a bounded amount of memory while a gigabyte goes through it", { timeout: 300_000 }, async () => {
    await withClient(async (client) => {
      const peakOfReading = async (): Promise<number> => {
        let byteLength = 0;
        let peak = 0;
        const { arrayBuffers } = process.memoryUsage();
        for await (const { data } of client.get("scenario/endless")) {
          byteLength += data.byteLength;
          peak = Math.max(peak, process.memoryUsage().arrayBuffers - arrayBuffers);
          if (byteLength > 1_000_000_000) break;
        }
        return peak;
      };
      // On a busy machine the garbage collector comes late, but not each time.
      const peaks: number[] = [];
      do peaks.push(await peakOfReading());
      while (peaks.at(-1)! >= heldBytesMax && peaks.length < 5);
      expect(Math.min(...peaks)).toBeLessThan(heldBytesMax);
    });
  });
});
