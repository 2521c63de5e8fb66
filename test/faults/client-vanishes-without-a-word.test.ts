import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { request as requestByTls } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { tableFromArrays } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { connect as connectByFetch, type DatasetClient } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { createCertificate } from "../support/certificate.ts";
import { startFreezingRelay } from "../support/freezing-relay.ts";
import { waitUntil } from "../support/wait.ts";
import { startWatchedServer, type WatchedServer } from "../support/watched-server.ts";

const silence = {
  silenceCheckMs: 50,
  pingAfterMs: 300,
  silenceTimeoutMs: 1_500,
  pausedResponseTimeoutMs: 6_000,
  // The server does not see how busy the machine is with a stream's next Send.
  duplexIdleTimeoutMs: 10_000,
};

/** More than fits into the windows and buffers between a server and a client that pauses. */
const table = tableFromArrays({ n: new Float64Array(6_000_000).map(() => Math.random()) });

interface Way {
  readonly server: WatchedServer;
  readonly port: number;
  readonly client: DatasetClient;
}

type Begin = (way: Way) => Promise<void>;

const vanishing: Record<string, Begin> = {
  "a get by gRPC": async ({ client }) => {
    await client.get("long")[Symbol.asyncIterator]().next();
  },
  "a put by gRPC": async ({ client, server }) => {
    const batches = async function* () {
      yield table.batches[0]!;
      await new Promise(() => {});
    };
    void client.put("half", batches()).catch(() => {});
    await waitUntil("the put is under way", async () => (await server.hiddenFiles()).length > 0);
  },
  "half a PUT by HTTP/1.1": async ({ port, server }) => {
    const put = request({ port, method: "PUT", path: "/datasets/half", headers: { "content-length": 1_000_000 } });
    put.on("error", () => {});
    put.write("PAR1 and then a little more");
    await waitUntil("the put is under way", async () => (await server.hiddenFiles()).length > 0);
  },
  "a GET by HTTP/1.1": async ({ port }) => {
    const get = request({ port, path: "/datasets/long" }).on("error", () => {});
    get.end();
    await once(get, "response");
  },
};

const securities = ["plaintext", "TLS"] as const;
const calls = Object.entries(vanishing).map(([what, begin]) => ({ what, begin }));
const cases = securities.flatMap((security) =>
  // Node's plain HTTP client is for plaintext.
  calls.filter(({ what }) => security === "plaintext" || what.endsWith("gRPC")).map((call) => ({ security, ...call })),
);

async function openClient(port: number, security: (typeof securities)[number]): Promise<DatasetClient> {
  if (security === "plaintext") return connect(`grpc://127.0.0.1:${port}`);
  return connect(`grpc+tls://127.0.0.1:${port}`, { tls: { rejectUnauthorized: false } });
}

async function start(security: (typeof securities)[number]): Promise<WatchedServer> {
  const tls = security === "TLS" ? await createCertificate() : undefined;
  const server = await startWatchedServer({ silence, ...(tls && { tls }) });
  const client = await openClient(server.port, security);
  await client.put("long", table);
  client.close();
  return server;
}

describe("a client that vanishes without FIN and RST leaves nothing of", () => {
  test.each(cases)("$what over $security", async ({ security, begin }) => {
    await using server = await start(security);
    await using relay = await startFreezingRelay(server.port);
    const client = await openClient(relay.port, security);
    await begin({ server, port: relay.port, client });
    relay.freeze();
    await server.expectNothingHeld();
    await relay.closedByServer();
    client.close();
  });
});

test("a duplex stream whose page vanishes ends with its put", async () => {
  await using server = await start("plaintext");
  await using relay = await startFreezingRelay(server.port);
  const batches = async function* () {
    yield table.batches[0]!;
    await new Promise(() => {});
  };
  void connectByFetch(`http://127.0.0.1:${relay.port}`)
    .put("half", batches())
    .catch(() => {});
  await waitUntil("the put is under way", async () => (await server.hiddenFiles()).length > 0);
  relay.freeze();
  await server.expectNothingHeld();
});

test.each(securities)(
  "a reader over HTTP/1.1 that pauses for longer than it may is ended over %s",
  async (security) => {
    await using server = await start(security);
    const path = "/datasets/long";
    const get =
      security === "TLS"
        ? requestByTls({ port: server.port, path, rejectUnauthorized: false })
        : request({ port: server.port, path });
    get.on("error", () => {}).end();
    const [response] = (await once(get, "response")) as [IncomingMessage];
    response.on("error", () => {});
    await server.expectNothingHeld();
    // It is told apart from an answer that is whole.
    await expect(async () => {
      for await (const _ of response);
    }).rejects.toThrow(/aborted/);
  },
);

describe("a reader that pauses for longer than that gets the rest", () => {
  test.each(securities)("by gRPC over %s", async (security) => {
    await using server = await start(security);
    const client = await openClient(server.port, security);
    let rowCount = 0;
    for await (const batch of client.get("long")) {
      if (rowCount === 0) await sleep(3 * silence.silenceTimeoutMs);
      rowCount += batch.numRows;
    }
    expect(rowCount).toBe(table.numRows);
    client.close();
  });

  test("by HTTP/1.1", async () => {
    await using server = await start("plaintext");
    const get = request({ port: server.port, path: "/datasets/long" }).end();
    const [response] = await once(get, "response");
    await sleep(2 * silence.silenceTimeoutMs);
    let byteLength = 0;
    for await (const chunk of response) byteLength += chunk.byteLength;
    expect(byteLength).toBe(Number(response.headers["content-length"]));
  });
});
