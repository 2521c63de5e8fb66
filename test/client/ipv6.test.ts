import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect as connectByFetch, type DatasetClient } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createProxy } from "../../src/proxy/index.ts";
import { createFlightServer, type FlightServer } from "../../src/server/index.ts";
import { FlightDescriptor_DescriptorType } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { hangarProgram } from "../support/server.ts";

const table = tableFromArrays({ n: Int32Array.of(1, 2, 3) });

async function expectRoundTrip(client: DatasetClient, name: string): Promise<void> {
  await client.put(name, table);
  expect((await client.get(name).table()).numRows).toBe(3);
  const { endpoint } = await client.flight.getFlightInfo({ type: FlightDescriptor_DescriptorType.PATH, path: [name] });
  expect(endpoint[0]?.location[0]?.uri).toMatch(/^grpc\+tcp:\/\/\[::1\]:\d+$/);
}

describe("a server at an IPv6 address", () => {
  let server: FlightServer;
  let proxy: FlightServer;
  let closeUpstream: () => void;
  const ports = { directly: 0, "through the proxy": 0 };

  beforeAll(async () => {
    const producer = createMemoryProducer();
    server = createFlightServer({ producer, catalog: producer });
    ports.directly = (await server.listen({ host: "::1", port: 0 })).port;
    const upstream = createProxy({ upstream: `grpc://[::1]:${ports.directly}` });
    closeUpstream = () => upstream.close();
    proxy = createFlightServer(upstream);
    ports["through the proxy"] = (await proxy.listen({ host: "::1", port: 0 })).port;
  });
  afterAll(async () => {
    await proxy.close({ drainTimeoutMs: 0 });
    closeUpstream();
    await server.close({ drainTimeoutMs: 0 });
  });

  const ways = ["directly", "through the proxy"] as const;
  const clients = {
    gRPC: (port: number) => connect(`grpc://[::1]:${port}`),
    "gRPC-Web": (port: number) => connect(`http://[::1]:${port}`, { protocol: "grpc-web" }),
    "gRPC-Web with duplex streams": (port: number) => connectByFetch(`http://[::1]:${port}`),
  };
  const cases = ways.flatMap((way) => Object.entries(clients).map(([name, open]) => ({ way, name, open })));

  test.each(cases)("serves $name $way", async ({ way, name, open }) => {
    const client = open(ports[way]);
    try {
      await expectRoundTrip(client, `${name} ${way}`);
    } finally {
      client.close();
    }
  });
});

test("the command line at an IPv6 address prints what the client takes, for calls and files", async () => {
  await using folder = await createTemporaryFolder();
  await using child = startChild(process.execPath, [
    hangarProgram,
    "serve",
    "--host",
    "::1",
    "--port",
    "0",
    "--repo",
    folder.path,
  ]);
  const [url = ""] = await child.waitFor(/grpc:\/\/\[::1\]:\d+/);
  const client = connect(url);
  try {
    await expectRoundTrip(client, "called");
    const parquet = await (await fetch(`${url.replace("grpc", "http")}/datasets/called`)).blob();
    await client.put("sent", parquet);
    expect((await client.get("sent").table()).numRows).toBe(3);
  } finally {
    client.close();
  }
});
