import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { tableFromArrays, tableFromIPC, tableToIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { FlightClient } from "../../../src/client/flight-client.ts";
import { readEndpoint, type FlightReader } from "../../../src/client/read-endpoint.ts";
import type { CallOptions } from "../../../src/client/run-call.ts";
import { decodeIpcStream, encodeIpcStream } from "../../../src/arrow/index.ts";
import { toFlightData, type FlightFrame } from "../../../src/flight/index.ts";
import { FlightEndpointSchema, FlightService } from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";

const streamOf = (n: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(tableToIPC(tableFromArrays({ n: Int32Array.of(n) }), "stream"));

/** A client, over a transport that knows nothing of bodies beside messages, of a server that does so. */
const clientOf = (doGet: (ticket: string, headers: Headers) => Iterable<FlightFrame>): FlightClient =>
  new FlightClient(
    createRouterTransport(({ service }) => {
      service(FlightService, {
        async *doGet({ ticket }, { requestHeader }) {
          for (const frame of doGet(Buffer.from(ticket).toString(), requestHeader))
            yield toFlightData(frame, undefined);
        },
      });
    }),
  );

const serving = (n: number): FlightClient => clientOf(() => decodeIpcStream(streamOf(n)));
const away = (): FlightClient =>
  clientOf(() => {
    throw new ConnectError("nobody is there", Code.Unavailable);
  });

const readerOf = (parts: Partial<FlightReader>): FlightReader => ({
  url: new URL("http://own:1/"),
  client: serving(1),
  clientOf: () => serving(2),
  fetch: async () => new Response(streamOf(3)),
  ...parts,
});

const read = (reader: FlightReader, ...uris: string[]): Promise<unknown[]> =>
  readWith({ headers: { authorization: "mine" } }, reader, ...uris);

async function readWith(options: CallOptions, reader: FlightReader, ...uris: string[]): Promise<unknown[]> {
  const endpoint = create(FlightEndpointSchema, {
    location: uris.map((uri) => ({ uri })),
    ticket: { ticket: Buffer.from("t") },
  });
  const frames: FlightFrame[] = [];
  for await (const frame of readEndpoint(reader, endpoint, options)) frames.push(frame);
  return tableFromIPC(encodeIpcStream(frames))
    .toArray()
    .map((row) => row?.["n"]);
}

describe("an endpoint is read", () => {
  test.each([
    ["here, where it names no location", [], [1]],
    ["here, where it names others behind", ["grpc://own:1", "grpc://other:1"], [1]],
    ["from another server", ["grpc://other:1"], [2]],
    ["from another server, where it names that one first", ["grpc://other:1", "grpc://own:1"], [2]],
    ["by a download", ["https://bucket/x"], [3]],
  ])("%s", async (_where, uris, expected) => {
    expect(await read(readerOf({}), ...uris)).toEqual(expected);
  });

  test("from the next location where one cannot be reached", async () => {
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    const reader = readerOf({ client: away(), fetch });
    expect(await read(reader, "arrow-flight-reuse-connection://?", "https://bucket/x", "grpc://other:1")).toEqual([2]);
  });

  test("here where another server, which does not get the credentials, refuses", async () => {
    const refusing = (): FlightClient =>
      clientOf(() => {
        throw new ConnectError("who are you?", Code.Unauthenticated);
      });
    const uris = ["grpc://other:1", "grpc://own:1"];
    expect(await read(readerOf({ clientOf: refusing }), ...uris)).toEqual([1]);
    const alone = read(readerOf({ client: refusing() }), "grpc://own:1", "grpc://other:1");
    await expect(alone).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("with the error of the last location where none can be reached", async () => {
    const reader = readerOf({ client: away(), clientOf: away });
    const failing = read(reader, "grpc://other:1", "grpc://own:1");
    await expect(failing).rejects.toMatchObject({ code: "unavailable", message: "nobody is there" });
  });

  test("not again where an error comes behind data, or says that there is none", async () => {
    const [schema] = decodeIpcStream(streamOf(0));
    const breaking = clientOf(function* () {
      yield schema!;
      throw new ConnectError("the server went away", Code.Unavailable);
    });
    const uris = ["grpc://own:1", "grpc://other:1"];
    await expect(read(readerOf({ client: breaking }), ...uris)).rejects.toThrow("the server went away");
    const refusing = clientOf(() => {
      throw new ConnectError("there is no such ticket", Code.NotFound);
    });
    await expect(read(readerOf({ client: refusing }), ...uris)).rejects.toMatchObject({ code: "not_found" });
  });

  test("with headers and cookies for the server alone that it is of", async () => {
    const seen: unknown[] = [];
    const noting = clientOf((_ticket, headers) => {
      seen.push(headers.get("authorization"));
      return decodeIpcStream(streamOf(0));
    });
    const fetch = async (_url: unknown, init?: RequestInit) => {
      seen.push(init?.credentials, new Headers(init?.headers).get("authorization"));
      return new Response(streamOf(0));
    };
    const reader = readerOf({ client: noting, clientOf: () => noting, fetch });
    await read(reader, "grpc://own:1");
    await read(reader, "grpc://other:1");
    await read(reader, "https://bucket/x");
    expect(seen).toEqual(["mine", null, "omit", null]);
  });

  test.each([
    [
      "of a type that is no IPC stream",
      new Response("PAR1", { headers: { "content-type": "application/vnd.apache.parquet" } }),
      "unimplemented",
      "parquet",
    ],
    ["that is answered with an error", new Response("no", { status: 403 }), "unavailable", "answers 403"],
  ])("not by a download %s", async (_what, response, code, message) => {
    const failing = read(readerOf({ fetch: async () => response }), "https://bucket/x");
    await expect(failing).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  describe("by a download that comes too slowly", () => {
    const aborted = ({ signal }: RequestInit = {}): Promise<never> =>
      new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error)));
    const cut = (init?: RequestInit): Response =>
      new Response(
        new ReadableStream({ start: (controller) => aborted(init).catch((reason) => controller.error(reason)) }),
      );

    test.each<[string, typeof fetch]>([
      ["is not answered", (_url, init) => aborted(init)],
      ["does not go on", async (_url, init) => cut(init)],
    ])("and %s, until its time is over or its signal aborts", async (_what, fetch) => {
      const reader = readerOf({ fetch });
      const late = readWith({ timeoutMs: 20 }, reader, "https://bucket/x", "grpc://other:1");
      await expect(late).rejects.toMatchObject({ code: "deadline_exceeded", message: "the download took too long" });
      const left = readWith({ signal: AbortSignal.timeout(20) }, reader, "https://bucket/x", "grpc://other:1");
      await expect(left).rejects.toMatchObject({ code: "cancelled", message: "the download was cancelled" });
    });
  });

  test("from the next location where a download breaks off before anything has come of it", async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new TypeError("terminated")) });
    const reader = readerOf({ fetch: async () => new Response(body) });
    expect(await read(reader, "https://bucket/x", "grpc://other:1")).toEqual([2]);
  });

  test("not from a location of a kind that nobody knows", async () => {
    const failing = read(readerOf({}), "s3://bucket/x");
    await expect(failing).rejects.toMatchObject({
      code: "unimplemented",
      message: expect.stringContaining("s3://bucket/x"),
    });
  });
});
