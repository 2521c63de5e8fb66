import { once } from "node:events";
import { connect, type ClientHttp2Session, type ServerHttp2Stream } from "node:http2";
import { afterEach, expect, test, vi } from "vitest";
import { frameBytesMax, StreamChunks } from "../../src/flight/index.ts";
import { FlightService } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { NativeResponse } from "../../src/server/rpc/native/native-response.ts";
import { serveProxy } from "../support/proxy.ts";
import { startRawUpstream } from "../support/raw-upstream.ts";

/** A message that is no protobuf at all: a field number of 0. Whoever parses it fails. */
const garbage = Buffer.concat([Buffer.from([0, 0, 0, 1, 0]), Buffer.alloc(256)]);

afterEach(() => vi.restoreAllMocks());

/** Answers with the bytes of the request, then with status 0. */
function echo(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.pipe(stream);
}

interface Response {
  readonly bytes: Buffer;
  readonly status: string | undefined;
}

async function call(session: ClientHttp2Session, method: string, contentType: string, body: Buffer): Promise<Response> {
  const path = `/${FlightService.typeName}/${method}`;
  const stream = session.request({ ":method": "POST", ":path": path, "content-type": contentType, te: "trailers" });
  stream.end(body);
  let status: string | undefined;
  stream.once("trailers", (trailers) => (status = trailers["grpc-status"] as string));
  const bytes = Buffer.concat((await Array.fromAsync(stream)) as Buffer[]);
  return { bytes, status };
}

test.each(["DoPut", "DoExchange"])("%s passes messages that are no FlightData, both ways", async (method) => {
  await using upstream = await startRawUpstream(echo);
  await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
  const session = connect(proxy.url);
  const { bytes, status } = await call(session, method, "application/grpc", garbage);
  expect([bytes.equals(garbage), status]).toEqual([true, "0"]);
  session.close();
});

/** Answers with many messages that are no FlightData. */
const megabytes = Buffer.concat(Array.from({ length: 16_384 }, () => garbage));
function send(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(megabytes);
}

test("a get writes each chunk that arrives once, and as it is", async () => {
  const read: Uint8Array[] = [];
  const written: Uint8Array[] = [];
  const { next } = StreamChunks.prototype;
  vi.spyOn(StreamChunks.prototype, "next").mockImplementation(async function (this: StreamChunks) {
    const result = await next.call(this);
    if (result.value) read.push(result.value);
    return result;
  });
  const { write } = NativeResponse.prototype;
  vi.spyOn(NativeResponse.prototype, "write").mockImplementation(function (this: NativeResponse, bytes) {
    written.push(bytes);
    return write.call(this, bytes);
  });
  await using upstream = await startRawUpstream(send);
  await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
  const session = connect(proxy.url);
  const { bytes, status } = await call(session, "DoGet", "application/grpc", Buffer.alloc(5));
  expect([bytes.equals(megabytes), status]).toEqual([true, "0"]);
  // Messages are 261 bytes long, so none of them was looked at.
  expect(written.length).toBeLessThanOrEqual(megabytes.byteLength / 4096);
  // The first chunk that was read is the request.
  const received = read.slice(1);
  expect(written.every((chunk, i) => chunk === received[i])).toBe(true);
  session.close();
});

test("a get by gRPC-Web passes the same messages, with the status behind them", async () => {
  await using upstream = await startRawUpstream(send);
  await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
  const session = connect(proxy.url);
  const { bytes } = await call(session, "DoGet", "application/grpc-web+proto", Buffer.alloc(5));
  expect(bytes.subarray(0, megabytes.byteLength).equals(megabytes)).toBe(true);
  const trailers = bytes.subarray(megabytes.byteLength);
  expect([trailers[0], trailers.toString("latin1", 5)]).toEqual([0x80, "grpc-status: 0\r\n"]);
  session.close();
});

test("both sides of the proxy accept large frames", async () => {
  await using upstream = await startRawUpstream(echo);
  await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
  const session = connect(proxy.url);
  await once(session, "remoteSettings");
  await call(session, "DoPut", "application/grpc", Buffer.alloc(5));
  const [toUpstream] = upstream.sessions;
  expect([session.remoteSettings.maxFrameSize, toUpstream?.remoteSettings.maxFrameSize]).toEqual([
    frameBytesMax,
    frameBytesMax,
  ]);
  session.close();
});
