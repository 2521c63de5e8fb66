import { once } from "node:events";
import type { ServerHttp2Stream } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openHttp2Connection } from "../../src/client-node/index.ts";
import { FlightService } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { serveProxy } from "../support/proxy.ts";
import { startRawUpstream } from "../support/raw-upstream.ts";

/** Windows of both connections and the buffers of their sockets, with room; far less than what there is to send. */
const onTheWayMax = 32 * 1024 * 1024;

/** A whole message with its envelope; inside a larger one just bytes. */
const chunk = Buffer.alloc(64 * 1024);
chunk.writeUInt32BE(chunk.byteLength - 5, 1);

/** The beginning of one message of 1 GB. */
const largeMessage = Buffer.from([0, 0x40, 0, 0, 0]);

async function* endless(onTaken: (byteLength: number) => void, begin: Uint8Array): AsyncGenerator<Uint8Array> {
  yield begin;
  for (;;) {
    yield chunk;
    onTaken(chunk.byteLength);
  }
}

/** Waits until a count has stopped growing. */
async function settled(count: () => number): Promise<number> {
  for (let before = -1; before !== count(); await sleep(500)) before = count();
  return count();
}

async function request(url: string, method: string, body: AsyncIterable<Uint8Array>, signal: AbortSignal) {
  const header = new Headers({ "content-type": "application/grpc", te: "trailers" });
  const connection = openHttp2Connection(new URL(url));
  return await connection.request({
    url: `${url}/${FlightService.typeName}/${method}`,
    method: "POST",
    header,
    body,
    signal,
  });
}

async function* empty(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(5);
}

test.each([
  ["one large message", largeMessage],
  ["many small ones", new Uint8Array(0)],
])("a client that does not read slows an upstream that sends %s", async (_title, begin) => {
  let sent = 0;
  const send = async (stream: ServerHttp2Stream): Promise<void> => {
    for await (const bytes of endless((byteLength) => (sent += byteLength), begin)) {
      if (stream.destroyed) return;
      if (!stream.write(bytes)) await once(stream, "drain");
    }
  };
  await using upstream = await startRawUpstream((stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" });
    send(stream).catch(() => {});
  });
  await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
  const leaving = new AbortController();
  const response = await request(proxy.url, "DoGet", empty(), leaving.signal);
  const body = response.body[Symbol.asyncIterator]();
  await body.next();
  const stopped = await settled(() => sent);
  expect(stopped).toBeLessThan(onTheWayMax);
  // It goes on when the client does.
  for (let read = 0; read < 2 * onTheWayMax;) read += (await body.next()).value?.byteLength ?? Infinity;
  expect(sent).toBeGreaterThan(onTheWayMax);
  leaving.abort();
});

test("an upstream that does not read slows a client that puts", async () => {
  let taken = 0;
  await using upstream = await startRawUpstream((stream) => void stream.pause());
  await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
  const leaving = new AbortController();
  const putting = request(
    proxy.url,
    "DoPut",
    endless((byteLength) => (taken += byteLength), largeMessage),
    leaving.signal,
  );
  await expect.poll(() => taken).toBeGreaterThan(0);
  expect(await settled(() => taken)).toBeLessThan(onTheWayMax);
  leaving.abort();
  await expect(putting).rejects.toBeInstanceOf(Error);
});
