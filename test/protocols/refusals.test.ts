import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import type { LookupFunction } from "node:net";
import { create } from "@bufbuild/protobuf";
import { Code, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ActionSchema, FlightService } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer, type FlightServer } from "../../src/server/index.ts";
import { openHttp2Stream, sendRaw } from "../support/raw-http.ts";

const lines: { readonly details: object; readonly message: string }[] = [];
const note = (details: object, message: string): void => void lines.push({ details, message });

let server: FlightServer;
let port: number;
beforeAll(async () => {
  const logger = { debug: () => {}, info: note, warn: note, error: note };
  server = createFlightServer({ producer: createMemoryProducer(), logger });
  ({ port } = await server.listen({ port: 0 }));
});
afterAll(() => server.close({ drainTimeoutMs: 0 }));
beforeEach(() => void (lines.length = 0));

const method = "/arrow.flight.protocol.FlightService/ListActions";
const foreign = "hangar:8815";
const forForeign = "This server does not accept the host hangar; allow it with --allowed-host.";

const protocols = {
  gRPC: createGrpcTransport,
  "gRPC-Web": createGrpcWebTransport,
  Connect: createConnectTransport,
  "Connect JSON": (options: Parameters<typeof createConnectTransport>[0]) =>
    createConnectTransport({ ...options, useBinaryFormat: false }),
};
const variants = Object.entries(protocols).flatMap(([name, createTransport]) =>
  (["1.1", "2"] as const)
    .filter((version) => version === "2" || name !== "gRPC")
    .map((version) => [name, version, createTransport as (options: never) => Transport] as const),
);

/** Resolves any name to this machine, as a name server of containers does. */
const lookup: LookupFunction = (_host, { all }, done) => {
  if (all === true) done(null, [{ address: "127.0.0.1", family: 4 }]);
  else done(null, "127.0.0.1", 4);
};

describe.each(variants)("by %s on HTTP/%s", (_name, httpVersion, createTransport) => {
  test("a client of a host that is not allowed is told how to allow it, and so is the log", async () => {
    const options = { baseUrl: `http://hangar:${port}`, httpVersion, nodeOptions: { lookup } };
    const client = createClient(FlightService, createTransport(options as never));
    const told = { code: Code.PermissionDenied, rawMessage: forForeign };
    await expect(client.getFlightInfo({})).rejects.toMatchObject(told);
    await expect(Array.fromAsync(client.listActions({}))).rejects.toMatchObject(told);
    expect(lines.map(({ message }) => message)).toEqual(Array(2).fill(`refused a request: ${forForeign}`));
  });

  test("a method of no service is UNIMPLEMENTED", async () => {
    const transport = createTransport({ baseUrl: `http://127.0.0.1:${port}/nowhere`, httpVersion } as never);
    const client = createClient(FlightService, transport);
    const told = { code: Code.Unimplemented, rawMessage: "This path does not exist." };
    await expect(client.getFlightInfo({})).rejects.toMatchObject(told);
    await expect(Array.fromAsync(client.doAction(create(ActionSchema)))).rejects.toMatchObject(told);
    expect(lines.map(({ details }) => details)).toMatchObject([{ status: 404 }, { status: 404 }]);
  });
});

test("native gRPC gets trailers alone, and the stream ends, also where the client still sends", async () => {
  const fields = { ":path": method, ":authority": foreign, "content-type": "application/grpc+proto", te: "trailers" };
  const answer = await openHttp2Stream(port, fields, Buffer.of(0));
  expect(answer).toMatchObject({ status: 200, rstCode: 0 });
  expect(answer.fields).toEqual({
    ":status": "200",
    "content-type": "application/grpc+proto",
    "grpc-status": String(Code.PermissionDenied),
    "grpc-message": encodeURIComponent(forForeign),
  });
});

test.each([
  ["400", { ":path": "/a/../b" }, Code.InvalidArgument],
  ["400 of the host", { ":authority": "a:99999" }, Code.InvalidArgument],
  ["404", { ":path": "/nowhere" }, Code.Unimplemented],
])("what is %s by HTTP has a code by native gRPC", async (_status, fields, code) => {
  const common = { ":path": method, ":authority": "localhost", "content-type": "application/grpc" };
  const answer = await openHttp2Stream(port, { ...common, ...fields }, Buffer.alloc(0));
  expect(answer.fields).toMatchObject({ ":status": "200", "grpc-status": String(code) });
  expect(lines).toHaveLength(1);
});

test.each([
  ["application/grpc-web+proto", 200, "grpc-status: 7\r\n"],
  ["application/grpc-web-text", 200, Buffer.from("grpc-status: 7\r\n").toString("base64").slice(0, 4)],
  ["application/connect+json", 200, `{"error":{"code":"permission_denied","message":"${forForeign}"}}`],
  ["application/json", 403, `{"code":"permission_denied","message":"${forForeign}"}`],
  ["application/proto", 403, `{"code":"permission_denied","message":"${forForeign}"}`],
  ["text/plain", 403, `${forForeign}\n`],
])("a request of %s is refused in its own form", async (contentType, status, words) => {
  const fields = [`host: ${foreign}`, `content-type: ${contentType}`, "content-length: 0", "connection: close"];
  const answer = await sendRaw(port, `POST ${method} HTTP/1.1\r\n${fields.join("\r\n")}\r\n\r\n`);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  if (contentType !== "application/grpc-web-text") expect(answer).toContain(words);
  else expect(Buffer.from(answer.split("\r\n\r\n")[1] ?? "", "base64").toString("latin1")).toContain("grpc-status: 7");
});

test("a flood of refused requests is a bounded number of lines", async () => {
  for (let i = 0; i < 100; i++) await fetch(`http://127.0.0.1:${port}/nowhere`);
  expect(lines.length).toBeLessThanOrEqual(60);
});

const ofBrowsers = ["vary", "access-control-expose-headers", "x-accel-buffering", "timing-allow-origin", "date"];

test("native gRPC gets no header that is for browsers, and they get theirs", async () => {
  const open = createFlightServer({ producer: createMemoryProducer(), corsOrigins: ["https://app.example"] });
  const { port: openPort } = await open.listen({ port: 0 });
  try {
    const fieldsOf = async (contentType: string) => {
      const session = connectHttp2(`http://127.0.0.1:${openPort}`);
      const stream = session.request({
        ":method": "POST",
        ":path": method,
        "content-type": contentType,
        origin: "https://app.example",
      });
      stream.end(Buffer.alloc(5));
      const [header] = (await once(stream, "response")) as [object];
      session.destroy();
      return Object.keys(header);
    };
    expect((await fieldsOf("application/grpc")).filter((name) => ofBrowsers.includes(name))).toEqual([]);
    expect(await fieldsOf("application/grpc-web")).toEqual(expect.arrayContaining(ofBrowsers));
  } finally {
    await open.close({ drainTimeoutMs: 0 });
  }
});
