import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openHttp2Stream } from "../support/raw-http.ts";
import { startHangar, type TestServer } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startHangar();
});
afterAll(() => server[Symbol.asyncDispose]());

const mebi = 1024 * 1024;
const resourceExhausted = "8";
const invalidArgument = "3";

function envelop(message: Uint8Array, flags = 0): Buffer {
  const bytes = Buffer.alloc(5 + message.byteLength);
  bytes[0] = flags;
  bytes.writeUInt32BE(message.byteLength, 1);
  bytes.set(message, 5);
  return bytes;
}

/** One field of FlightData with a value of so many bytes, two for each of its own. */
function withDescriptor(byteLength: number): Buffer {
  const length = Buffer.from([
    ...[0, 7, 14, 21].map((shift) => ((byteLength >> shift) & 0x7f) | 0x80),
    byteLength >> 28,
  ]);
  return Buffer.concat([Buffer.from([0x0a]), length, Buffer.alloc(byteLength, Buffer.from([0x1a, 0]))]);
}

describe("over Connect, a message that would become too many objects is refused:", () => {
  test.each<[string, string, string, Buffer, Record<string, string>]>([
    [
      "unknown fields, by gzip",
      "grpc.health.v1.Health/Check",
      "application/proto",
      gzipSync(Buffer.alloc(60 * mebi, Buffer.from([0x78, 0]))),
      { "content-encoding": "gzip" },
    ],
    [
      "unknown fields of a message that is not large",
      "hangar.v1.DatasetService/GetDataset",
      "application/proto",
      Buffer.alloc(mebi, Buffer.from([0x78, 0])),
      {},
    ],
    [
      "lists in an unknown field of JSON",
      "hangar.v1.DatasetService/GetDataset",
      "application/json",
      Buffer.from(`{"x":[${"[],".repeat(300_000)}[]]}`),
      {},
    ],
    [
      "columns",
      "hangar.v1.DatasetService/PreviewRows",
      "application/json",
      Buffer.from(`{"name":"a","columns":[${'"",'.repeat(300_000)}""]}`),
      {},
    ],
    [
      "a name of 60 MB",
      "hangar.v1.DatasetService/GetDataset",
      "application/json",
      Buffer.from(`{"name":"${"a".repeat(60_000_000)}"}`),
      {},
    ],
  ])("%s", async (_title, method, contentType, body, headers) => {
    const response = await fetch(`${server.url}/${method}`, {
      method: "POST",
      headers: { "content-type": contentType, ...headers },
      body: new Uint8Array(body),
    });
    const answer = (await response.json()) as { code: string; message: string };
    expect(answer.code).toBe("resource_exhausted");
    expect(answer.message.length).toBeLessThan(200);
  });
});

describe("over gRPC, a message that would become too many objects is refused:", () => {
  const flight = "/arrow.flight.protocol.FlightService";
  test.each<[string, string, string, Buffer, Record<string, string>]>([
    [
      "headers of a duplex stream",
      "/hangar.v1.DuplexService/Open",
      "application/grpc",
      envelop(Buffer.alloc(mebi, Buffer.from([0x12, 0]))),
      {},
    ],
    [
      "objects in FlightData of JSON, by gzip",
      `${flight}/DoPut`,
      "application/grpc+json",
      envelop(gzipSync(Buffer.alloc(30 * mebi, "{}")), 1),
      { "grpc-encoding": "gzip" },
    ],
    [
      "the path of a descriptor, by gzip",
      `${flight}/DoPut`,
      "application/grpc",
      envelop(gzipSync(withDescriptor(64 * mebi)), 1),
      { "grpc-encoding": "gzip" },
    ],
    ["the path of a descriptor", `${flight}/DoPut`, "application/grpc", envelop(withDescriptor(mebi)), {}],
    ["the size of a descriptor", `${flight}/DoPut`, "application/grpc", envelop(withDescriptor(4 * mebi)), {}],
  ])("%s", async (_title, path, contentType, body, headers) => {
    const fields = { ":path": path, "content-type": contentType, te: "trailers", ...headers };
    const answer = await openHttp2Stream(server.port, fields, body);
    expect(answer.fields["grpc-status"]).toBe(resourceExhausted);
    expect(answer.rstCode).toBe(0);
  });
});

describe("what a request says is repeated within bounds:", () => {
  const call = (path: string, contentType: string, message: Uint8Array, headers: Record<string, string> = {}) =>
    openHttp2Stream(
      server.port,
      { ":path": path, "content-type": contentType, te: "trailers", ...headers },
      envelop(message),
      true,
    );

  test("a name of 40,000 letters", async () => {
    const path = "/hangar.v1.DatasetService/GetDataset";
    const message = Buffer.from(JSON.stringify({ name: "价".repeat(40_000) }));
    const answer = await call(path, "application/grpc+json", message);
    expect(answer.fields["grpc-status"]).toBe(invalidArgument);
    expect(answer.fields["grpc-message"]!.length).toBeLessThan(4096);
    expect(answer.rstCode).toBe(0);
  });

  test("a number that is a text of 40,000 letters", async () => {
    const message = Buffer.from(JSON.stringify({ pageSize: "a".repeat(40_000) }));
    const answer = await call("/hangar.v1.DatasetService/ListDatasets", "application/grpc+json", message);
    expect(answer.fields["grpc-status"]).toBe(invalidArgument);
    expect(answer.fields["grpc-message"]!.length).toBeLessThan(1024);
    expect(answer.rstCode).toBe(0);
  });

  test("half a character in a value that is refused", async () => {
    const message = Buffer.from('{"pageSize":"\\ud800"}');
    const answer = await call("/hangar.v1.DatasetService/ListDatasets", "application/grpc+json", message);
    expect(answer.fields["grpc-status"]).toBe(invalidArgument);
    expect(answer.rstCode).toBe(0);
  });

  test.each(["grpc-encoding", "grpc-timeout"])("a %s of 40,000 letters", async (name) => {
    const path = "/hangar.v1.DatasetService/ListDatasets";
    const answer = await call(path, "application/grpc", new Uint8Array(0), { [name]: "a".repeat(40_000) });
    expect(answer.fields["grpc-status"]).toMatch(/^(3|12)$/);
    expect(answer.fields["grpc-message"]!.length).toBeLessThan(1024);
    expect(answer.rstCode).toBe(0);
  });

  test("headers of 100 kB are refused, and the connection goes on", async () => {
    const headers = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`x-${i}`, "a".repeat(2000)]));
    const answer = await call("/hangar.v1.DatasetService/ListDatasets", "application/grpc", new Uint8Array(0), headers);
    expect(answer.fields["grpc-status"]).toBe(resourceExhausted);
    expect(answer.rstCode).toBe(0);
  });
});
