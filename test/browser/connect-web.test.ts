import { createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { tableFromArrays, tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { connect } from "../../src/client/index.ts";
import {
  DatasetService,
  FlightDescriptor_DescriptorType,
  FlightService,
  type FlightData,
} from "../../src/public/proto.ts";
import { routes, type PageServer } from "./routes.ts";

const names = ["Mario", "Luigi", "Peach"];

/** An Arrow IPC stream out of FlightData: each message with its length before it, and its body behind it. */
async function toIpcStream(messages: AsyncIterable<FlightData>): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const { dataHeader, dataBody } of messages) {
    const padded = Math.ceil(dataHeader.byteLength / 8) * 8;
    const head = new Uint8Array(8 + padded);
    new DataView(head.buffer).setUint32(0, 0xffff_ffff, true);
    new DataView(head.buffer).setUint32(4, padded, true);
    head.set(dataHeader, 8);
    parts.push(head, dataBody as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

describe("a page with @connectrpc/connect-web", () => {
  let server: PageServer;
  beforeAll(async () => void (server = await commands.startServer()));
  afterAll(() => commands.stopServer(server.id));

  const transports: [string, (baseUrl: string, interceptors?: Interceptor[]) => Transport][] = [
    [
      "gRPC-Web",
      (baseUrl, interceptors = []) => createGrpcWebTransport({ baseUrl, interceptors, useBinaryFormat: true }),
    ],
    ["Connect", (baseUrl, interceptors = []) => createConnectTransport({ baseUrl, interceptors })],
  ];

  test.each(routes.flatMap((route) => transports.map(([protocol, create]) => [protocol, route, create] as const)))(
    "and hangar/proto alone, by %s over %s, lists, looks, fetches and drops",
    async (_protocol, route, create) => {
      const url = server.urls[route];
      await connect(url).put("heroes", tableFromArrays({ Character: names }));
      const datasets = createClient(DatasetService, create(url));
      const flight = createClient(FlightService, create(url));
      const listed = await datasets.listDatasets({});
      expect(listed.datasets.map(({ name, rows }) => [name, rows])).toEqual([["heroes", 3n]]);
      const info = await flight.getFlightInfo({ type: FlightDescriptor_DescriptorType.PATH, path: ["heroes"] });
      expect(info.totalRecords).toBe(3n);
      const table = tableFromIPC(await toIpcStream(flight.doGet(info.endpoint[0]!.ticket!)));
      expect(table.toArray().map((row) => row?.toJSON())).toEqual(names.map((Character) => ({ Character })));
      await datasets.dropDataset({ name: "heroes" });
      expect((await datasets.listDatasets({})).datasets).toEqual([]);
    },
  );

  test.each(transports)(
    "gives its %s transport to the client, which uses its own for Arrow data",
    async (_, create) => {
      const url = server.urls["HTTP/1.1"];
      const called: string[] = [];
      const note: Interceptor = (next) => async (request) => {
        called.push(request.method.name);
        return await next(request);
      };
      const client = connect(url, { transport: create(url, [note]) });
      await client.put("heroes", tableFromArrays({ Character: names }));
      expect((await client.get("heroes").table()).numRows).toBe(3);
      await client.drop("heroes");
      expect(called).toEqual(["GetFlightInfo", "DoAction"]);
    },
  );
});
