import { randomBytes } from "node:crypto";
import { createClient, type Client } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/client/index.ts";
import { offsetHeader, sendPath, streamIdHeader } from "../../src/duplex/index.ts";
import { duplexQueueBytesMax, duplexSendBytesMax } from "../../src/duplex/limits.ts";
import { joinPieces } from "../../src/flight/index.ts";
import { DuplexService } from "../../src/gen/hangar/v1/duplex_service_pb.ts";
import { createMemoryProducer, type FlightProducer } from "../../src/producer/index.ts";
import { createFlightServer, type FlightServer } from "../../src/server/index.ts";
import { sendOnce, type RawSend } from "../support/duplex-send.ts";
import { startNginx } from "../support/nginx.ts";

/*
 * Sends as docs/duplex.md describes them, by a client that knows nothing else; and what our client makes of a put.
 */

const mebi = 1024 * 1024;

/** Puts that were received, by the text in their first frame's application metadata. */
const received = new Map<string, PromiseWithResolvers<Uint8Array>>();
const proceed = Promise.withResolvers<void>();

const memory = createMemoryProducer();
const producer: FlightProducer = Object.assign(memory, {
  async *doExchange(_context: unknown, frames: Parameters<NonNullable<FlightProducer["doExchange"]>>[1]) {
    let name: string | undefined;
    const pieces: Uint8Array[] = [];
    for await (const { appMetadata, body } of frames) {
      name ??= Buffer.from(appMetadata).toString();
      if (name === "slow") await proceed.promise;
      pieces.push(...body);
    }
    received.get(name ?? "")?.resolve(joinPieces(pieces));
    yield* [];
  },
} satisfies Pick<FlightProducer, "doExchange">);

let server: FlightServer;
let url: string;
let duplex: Client<typeof DuplexService>;

beforeAll(async () => {
  server = createFlightServer({ producer, corsOrigins: ["*"] });
  const { port } = await server.listen({ port: 0 });
  url = `http://127.0.0.1:${port}`;
  duplex = createClient(DuplexService, createGrpcWebTransport({ baseUrl: url, httpVersion: "1.1" }));
});
afterAll(() => server.close({ drainTimeoutMs: 0 }));

interface OpenExchange extends AsyncDisposable {
  send(send: Omit<RawSend, "streamId">): ReturnType<typeof sendOnce>;
  /** The body that the handler has got. */
  readonly whole: Promise<Uint8Array>;
}

async function openExchange(name: string): Promise<OpenExchange> {
  const leaving = new AbortController();
  const headers = [{ name: "content-type", value: "application/grpc" }];
  const path = "/arrow.flight.protocol.FlightService/DoExchange";
  const events = duplex.open({ path, headers }, { signal: leaving.signal })[Symbol.asyncIterator]();
  const { event } = (await events.next()).value!;
  const streamId = event.case === "opened" ? event.value.streamId : "";
  const whole = Promise.withResolvers<Uint8Array>();
  received.set(name, whole);
  return {
    send: async (send) => await sendOnce(url, { streamId, ...send }),
    whole: whole.promise,
    async [Symbol.asyncDispose]() {
      leaving.abort();
      await events.next().catch(() => {});
    },
  };
}

/** One FlightData message with a name and a body, in its envelope. */
function toMessage(name: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const varint = (value: number): number[] => (value > 127 ? [(value & 127) | 128, ...varint(value >> 7)] : [value]);
  const metadata = [0x1a, name.length, ...Buffer.from(name)];
  const message = Buffer.concat([Buffer.from([...metadata, 0xc2, 0x3e, ...varint(body.byteLength)]), body]);
  const envelope = Buffer.alloc(5);
  envelope.writeUInt32BE(message.length, 1);
  return new Uint8Array(Buffer.concat([envelope, message]));
}

test("Sends in any order, again, and in other portions make the body that was meant", async () => {
  const body = randomBytes(3_000_000);
  const bytes = toMessage("order", body);
  await using exchange = await openExchange("order");
  const portion = (byteOffset: number, byteEnd?: number, isEnd = false): Omit<RawSend, "streamId"> => ({
    byteOffset,
    body: bytes.slice(byteOffset, byteEnd),
    isEnd,
  });
  const sends = [
    portion(2_000_000, 2_500_000),
    portion(1_000_000, 2_000_000),
    portion(0, 1_000_000),
    portion(900_000, 2_100_000),
    portion(2_100_000, 2_900_000),
  ];
  const answers = await Promise.all(sends.map((send) => exchange.send(send)));
  answers.forEach(({ status, accepted }, i) => {
    expect(status).toBe(204);
    const { byteOffset = 0, body: sent } = sends[i]!;
    expect(accepted).toBeGreaterThanOrEqual(byteOffset + (sent as Uint8Array).byteLength);
  });
  expect(await exchange.send(portion(2_000_000, undefined, true))).toMatchObject({ status: 204 });
  expect(Buffer.compare(await exchange.whole, body)).toBe(0);
});

test("a Send that breaks off does not end the body, and is continued by the next", async () => {
  const body = randomBytes(2_000_000);
  const bytes = toMessage("broken", body);
  await using exchange = await openExchange("broken");
  const breaking = new AbortController();
  const half = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes.subarray(0, 700_000)),
    async pull() {
      // What was sent has arrived before the connection breaks.
      await expect.poll(async () => (await exchange.send({ byteOffset: 0 })).accepted).toBe(700_000);
      breaking.abort();
      await new Promise(() => {});
    },
  });
  await expect(exchange.send({ body: half, isEnd: true, signal: breaking.signal })).rejects.toThrow(/abort/i);
  expect(await exchange.send({ byteOffset: 0, body: bytes, isEnd: true })).toMatchObject({
    status: 204,
    accepted: bytes.byteLength,
  });
  expect(Buffer.compare(await exchange.whole, body)).toBe(0);
});

test("a Send that has no room or no turn is answered after a while, and is not read meanwhile", async () => {
  const bytes = toMessage("slow", randomBytes(duplexSendBytesMax - mebi));
  await using exchange = await openExchange("slow");
  const first = toMessage("slow", new Uint8Array(0));
  await exchange.send({ body: first });
  const [early, full] = await Promise.all([
    exchange.send({ byteOffset: 20 * mebi, body: new Uint8Array(mebi) }),
    exchange.send({ byteOffset: first.byteLength, body: bytes }),
  ]);
  expect(early.accepted).toBe(full.accepted);
  expect(full.accepted).toBeGreaterThanOrEqual(duplexQueueBytesMax);
  // The chunk that fills the queue may exceed it, and the handler has taken the first message.
  expect(full.accepted).toBeLessThan(duplexQueueBytesMax + mebi);
  proceed.resolve();
  const rest = bytes.subarray(full.accepted! - first.byteLength);
  const last = { byteOffset: full.accepted!, body: new Uint8Array(rest), isEnd: true };
  expect(await exchange.send(last)).toMatchObject({ status: 204, accepted: first.byteLength + bytes.byteLength });
  expect((await exchange.whole).byteLength).toBe(duplexSendBytesMax - mebi);
});

test("Sends that no server should take are refused", async () => {
  await using exchange = await openExchange("refused");
  const tooLarge = toMessage("refused", new Uint8Array(duplexSendBytesMax));
  expect(await exchange.send({ body: tooLarge })).toMatchObject({
    status: 413,
    error: { code: "resource_exhausted", message: `a Send may have at most ${duplexSendBytesMax} bytes (send-bytes)` },
  });
  expect(await exchange.send({ body: new Blob([tooLarge]).stream() })).toMatchObject({ status: 413 });
  expect(await exchange.send({ byteOffset: 100 * mebi })).toMatchObject({
    status: 400,
    error: { code: "out_of_range" },
  });
  for (const offset of ["", "-1", "x", "9".repeat(16), "9".repeat(30)]) {
    const headers = { [streamIdHeader]: "x", [offsetHeader]: offset };
    const response = await fetch(`${url}${sendPath}`, { method: "POST", headers });
    expect([404, 400]).toContain(response.status);
  }
  const wrong = await fetch(`${url}${sendPath}`);
  expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
});

const isSend = (input: Parameters<typeof fetch>[0]): boolean => typeof input === "string" && input.endsWith(sendPath);

test("a put makes few Sends, and gives each byte to `fetch` once", async () => {
  const sent: number[] = [];
  const counting: typeof fetch = async (input, init) => {
    if (isSend(input)) sent.push((init!.body as Uint8Array).byteLength);
    return await fetch(input, init);
  };
  const table = tableFromArrays({ n: new Float64Array((64 * mebi) / 8) });
  await connect(url, { fetch: counting }).put("counted", table);
  const total = sent.reduce((sum, each) => sum + each);
  expect(total).toBeGreaterThan(64 * mebi);
  expect(total).toBeLessThan(65 * mebi);
  // On a busy machine, they may take too long to grow beyond 512 KiB.
  expect(sent.length).toBeLessThanOrEqual(64 * 2 + 2);
  expect(Math.max(...sent)).toBeLessThanOrEqual(duplexSendBytesMax);
});

test("behind nginx, which refuses more than 1 MiB, puts are whole, and only the first such Sends are refused", async () => {
  await using nginx = await startNginx([url]);
  const sent: { byteLength: number; status: number }[] = [];
  const counting: typeof fetch = async (input, init) => {
    if (!isSend(input)) return await fetch(input, init);
    const { byteLength } = init!.body as Uint8Array;
    const response = await fetch(input, init).catch((reason: unknown) => {
      sent.push({ byteLength, status: 0 });
      throw reason;
    });
    sent.push({ byteLength, status: response.status });
    return response;
  };
  const client = connect(nginx.http[0]!, { fetch: counting });
  const n = Float64Array.from({ length: (16 * mebi) / 8 }, (_, i) => i);
  for (const name of ["first", "second", "third"]) {
    await client.put(name, tableFromArrays({ n }));
    const { numRows } = await client.get(name).table();
    expect(numRows).toBe(n.length);
  }
  // As many as are under way when the first one is refused; on a busy machine, Sends may not even grow so far.
  expect(sent.filter(({ status }) => status !== 204).length).toBeLessThanOrEqual(4);
  expect(sent.every(({ byteLength, status }) => status !== 204 || byteLength <= mebi)).toBe(true);
});
