import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { Code, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { tableFromIPC, tableToIPC, tableFromArrays, type Table } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPathDescriptor, fromFlightData } from "../../src/flight/index.ts";
import { decodeIpcStream, encodeIpcStream } from "../../src/arrow/index.ts";
import { FlightDataSchema, FlightService, type FlightData } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { writeFixture } from "../support/fixture.ts";
import { startHangar, type TestServer } from "../support/server.ts";

// Over 64 Ki rows, so that a get is of several batches and row groups.
const rowCount = 150_000;

let server: TestServer;
beforeAll(async () => {
  server = await startHangar();
  await writeFixture(join(server.repo, "fixture.parquet"), rowCount);
});
afterAll(() => server[Symbol.asyncDispose]());

const transports: Record<string, () => Transport> = {
  gRPC: () => createGrpcTransport({ baseUrl: server.url }),
  "gRPC-Web over HTTP/1.1": () => createGrpcWebTransport({ baseUrl: server.url, httpVersion: "1.1" }),
  "gRPC-Web over HTTP/2": () => createGrpcWebTransport({ baseUrl: server.url, httpVersion: "2" }),
  "Connect over HTTP/1.1": () => createConnectTransport({ baseUrl: server.url, httpVersion: "1.1" }),
  "Connect over HTTP/2": () => createConnectTransport({ baseUrl: server.url, httpVersion: "2" }),
  "Connect as JSON": () => createConnectTransport({ baseUrl: server.url, httpVersion: "2", useBinaryFormat: false }),
};

async function getTable(transport: Transport, name: string): Promise<Table> {
  const messages = createClient(FlightService, transport).doGet({ ticket: new TextEncoder().encode(name) });
  const frames = await Array.fromAsync(messages, (message) => fromFlightData(message, undefined));
  return tableFromIPC(encodeIpcStream(frames));
}

describe.each(Object.entries(transports))("a client that speaks %s", (_title, connect) => {
  test("lists flights", async () => {
    const flights = await Array.fromAsync(createClient(FlightService, connect()).listFlights({}));
    expect(flights.map(({ flightDescriptor }) => flightDescriptor?.path)).toContainEqual(["fixture.parquet"]);
    expect(flights.map(({ totalRecords }) => totalRecords)).toContain(BigInt(rowCount));
  });

  test("gets a dataset of several batches as equal", async () => {
    const table = await getTable(connect(), "fixture.parquet");
    expect(table.numRows).toBe(rowCount);
    expect(table.batches.length).toBeGreaterThan(1);
    const numbers = table.getChild("n")?.toArray() as BigInt64Array;
    const expected = BigInt64Array.from({ length: rowCount }, (_, i) => BigInt(i));
    expect(Buffer.compare(Buffer.from(numbers.slice().buffer), Buffer.from(expected.buffer))).toBe(0);
    for (const row of [0, 65_535, 65_536, rowCount - 1]) expect(table.getChild("text")?.get(row)).toBe(String(row));
  });

  test("is told by its code and name that a dataset is missing", async () => {
    await expect(getTable(connect(), "missing.parquet")).rejects.toMatchObject({
      code: Code.NotFound,
      rawMessage: expect.stringContaining("missing.parquet") as string,
    });
  });

  test("leaves a get early, and gets again", async () => {
    const transport = connect();
    const messages = createClient(FlightService, transport).doGet({
      ticket: new TextEncoder().encode("fixture.parquet"),
    });
    for await (const message of messages) {
      expect(message.dataHeader.byteLength).toBeGreaterThan(0);
      break;
    }
    expect((await getTable(transport, "fixture.parquet")).numRows).toBe(rowCount);
  });
});

test("what apache-arrow puts over gRPC is got as equal over every protocol", async () => {
  const table = tableFromArrays({ id: Int32Array.of(1, 2, 3), name: ["Mario", "Luigi", "Peach"] });
  async function* messages(): AsyncGenerator<FlightData> {
    const flightDescriptor = createPathDescriptor(["from-javascript.parquet"]);
    for (const { header, body } of decodeIpcStream(tableToIPC(table, "stream"))) {
      yield create(FlightDataSchema, {
        flightDescriptor,
        dataHeader: Uint8Array.from(header),
        dataBody: Uint8Array.from(Buffer.concat(body)),
      });
    }
  }
  const client = createClient(FlightService, createGrpcTransport({ baseUrl: server.url }));
  await Array.fromAsync(client.doPut(messages()));
  for (const connect of Object.values(transports)) {
    const got = await getTable(connect(), "from-javascript.parquet");
    expect(got.toArray().map((row) => ({ ...(row?.toJSON() as object) }))).toEqual([
      { id: 1, name: "Mario" },
      { id: 2, name: "Luigi" },
      { id: 3, name: "Peach" },
    ]);
  }
});
