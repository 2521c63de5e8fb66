import { create, toBinary, type UnknownField } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openHttp2Connection } from "../../src/client-node/index.ts";
import { joinPieces, type WireMessage } from "../../src/flight/index.ts";
import {
  FlightDataSchema,
  FlightDescriptorSchema,
  FlightService,
  TicketSchema,
  type FlightDescriptor,
} from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import type { FlightRelay } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { serveProxy, type TestProxy } from "../support/proxy.ts";
import { startPyarrowMemory, type TestServer } from "../support/server.ts";
import { startChild } from "../support/child.ts";
import { ensurePython } from "../../scripts/python.ts";
import { join } from "node:path";

const random = (byteLength: number, seed: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: byteLength }, (_, i) => (i * 31 + seed) & 0xff);

/** Fields that no version of Flight has, as protobuf writes them. */
const unknownFields = Uint8Array.of(0xea, 0x04, 2, 7, 7, 0xf0, 0x04, 5);

const dataOf = (bodyLength: number): Uint8Array =>
  toBinary(FlightDataSchema, create(FlightDataSchema, { dataHeader: random(90, 1), dataBody: random(bodyLength, 2) }));

/** Messages as other implementations may write them: unknown fields, the body first, nothing at all. */
const messages: Record<string, Uint8Array> = {
  empty: new Uint8Array(0),
  small: dataOf(5),
  "with unknown fields": joinPieces([dataOf(300), unknownFields]),
  "with the body before all else": joinPieces([dataOf(100_000).subarray(92), unknownFields, dataOf(0)]),
  large: dataOf(5_000_000),
};

const envelope = (message: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(5 + message.byteLength);
  new DataView(bytes.buffer).setUint32(1, message.byteLength);
  bytes.set(message, 5);
  return bytes;
};
const stream = joinPieces(Object.values(messages).map(envelope));

async function* inChunks(bytes: Uint8Array, byteLength: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += byteLength) yield bytes.subarray(at, at + byteLength);
}

/** A call by gRPC whose answer is taken as it comes. */
async function callRaw(url: string, method: string, body: AsyncIterable<Uint8Array>) {
  const connection = openHttp2Connection(new URL(url));
  const header = new Headers({ "content-type": "application/grpc", te: "trailers" });
  const path = `${url}/${FlightService.typeName}/${method}`;
  const response = await connection.request({ url: path, method: "POST", header, body });
  const bytes = Buffer.concat(await Array.fromAsync(response.body));
  connection.close();
  return { bytes, status: response.trailer.get("grpc-status") ?? response.header.get("grpc-status") };
}

describe("between a client and an upstream that look at bytes", () => {
  let upstream: { url: string; close(): Promise<void> };
  let proxy: TestProxy;
  let put: Uint8Array[] = [];
  let asked: FlightDescriptor | undefined;

  beforeAll(async () => {
    const collect = async ({ chunks }: WireMessage) => joinPieces(await Array.fromAsync(chunks));
    const toWire = (bytes: Uint8Array): WireMessage => ({
      byteLength: bytes.byteLength,
      chunks: inChunks(bytes, 70_000),
    });
    const producer: FlightRelay = {
      isRelay: true,
      async *doGet() {
        for (const message of Object.values(messages)) yield toWire(message);
      },
      async *doPut(_context, frames) {
        put = [];
        for await (const frame of frames) put.push(await collect(frame));
        yield {};
      },
      async *doExchange(_context, frames) {
        for await (const frame of frames) yield toWire(await collect(frame));
      },
      async getFlightInfo(_context, descriptor) {
        asked = descriptor;
        return { flightDescriptor: descriptor };
      },
    };
    const server = createFlightServer({ producer });
    const url = `http://127.0.0.1:${(await server.listen({ port: 0 })).port}`;
    upstream = { url, close: () => server.close({ drainTimeoutMs: 0 }) };
    proxy = await serveProxy({ upstream: url });
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await upstream.close();
  });

  test("a get gives every byte as it was", async () => {
    const { bytes, status } = await callRaw(proxy.url, "DoGet", inChunks(envelope(new Uint8Array(0)), 5));
    expect([status, bytes.equals(stream)]).toEqual(["0", true]);
  });

  test.each([1000, 65_536, 1 << 23])("a put in chunks of %i bytes brings every byte as it was", async (byteLength) => {
    const { status } = await callRaw(proxy.url, "DoPut", inChunks(stream, byteLength));
    expect(status).toBe("0");
    const sent = Object.values(messages);
    expect(put.map((message, i) => Buffer.compare(message, sent[i]!))).toEqual(sent.map(() => 0));
  });

  test("an exchange keeps every byte both ways", async () => {
    const { bytes, status } = await callRaw(proxy.url, "DoExchange", inChunks(stream, 20_000));
    expect([status, bytes.equals(stream)]).toEqual(["0", true]);
  });

  test("a message that is cut is no message", async () => {
    const { status } = await callRaw(proxy.url, "DoPut", inChunks(stream.subarray(0, -1), 1 << 20));
    expect(status).toBe("3");
  });

  test("a descriptor keeps what nobody here knows, there and back", async () => {
    const client = createClient(FlightService, createGrpcTransport({ baseUrl: proxy.url }));
    const unknown: UnknownField[] = [{ no: 77, wireType: 2, data: Uint8Array.of(2, 7, 7) }];
    const descriptor = create(FlightDescriptorSchema, { type: 2, cmd: Uint8Array.of(1) });
    descriptor.$unknown = unknown;
    const info = await client.getFlightInfo(descriptor);
    expect(asked?.$unknown).toEqual(unknown);
    expect(info.flightDescriptor?.$unknown).toEqual(unknown);
  });

  const transports = {
    "gRPC-Web over HTTP/1.1": () => createGrpcWebTransport({ baseUrl: proxy.url, httpVersion: "1.1" }),
    Connect: () => createConnectTransport({ baseUrl: proxy.url, httpVersion: "2" }),
    "Connect as JSON": () => createConnectTransport({ baseUrl: proxy.url, httpVersion: "2", useBinaryFormat: false }),
  };
  test.each(Object.entries(transports))("by %s every frame is the same", async (_title, connect) => {
    const client = createClient(FlightService, connect());
    const got = await Array.fromAsync(client.doGet({}));
    expect(got.map(({ dataBody }) => dataBody.byteLength)).toEqual([0, 5, 300, 100_000, 5_000_000]);
    expect(Buffer.compare(got[4]!.dataBody, random(5_000_000, 2))).toBe(0);
    expect(got.slice(1).every(({ dataHeader }) => Buffer.compare(dataHeader, random(90, 1)) === 0)).toBe(true);
  });
});

describe("between pyarrow and pyarrow", () => {
  let upstream: TestServer;
  let proxy: TestProxy;
  beforeAll(async () => {
    upstream = await startPyarrowMemory();
    proxy = await serveProxy({ upstream: upstream.location });
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  });

  test("flights of all of Arrow's own cases are byte-equal", async () => {
    const file = join(import.meta.dirname, "fill.py");
    const paths = ["../support", "../types"].map((folder) => join(import.meta.dirname, folder)).join(":");
    await using filling = startChild(await ensurePython(), [file, proxy.url.replace("http", "grpc")], {
      PYTHONPATH: paths,
    });
    expect((await filling.exit(120_000)).exitCode).toBe(0);
    const client = createClient(FlightService, createGrpcTransport({ baseUrl: upstream.url }));
    const names = await Array.fromAsync(client.listFlights({}), (info) => info.flightDescriptor?.path[0] ?? "");
    expect(names.length).toBeGreaterThan(60);
    for (const ticket of names.flatMap((name) => [name, `lz4:${name}`, `zstd:${name}`])) {
      const message = toBinary(TicketSchema, create(TicketSchema, { ticket: new TextEncoder().encode(ticket) }));
      const [direct, passed] = await Promise.all(
        [upstream.url, proxy.url].map((url) => callRaw(url, "DoGet", inChunks(envelope(message), 1 << 20))),
      );
      expect([ticket, passed!.status, passed!.bytes.equals(direct!.bytes)]).toEqual([ticket, "0", true]);
    }
  }, 600_000);
});
