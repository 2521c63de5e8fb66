import { once } from "node:events";
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import { connect as connectClient } from "../../src/client-node/index.ts";
import { FlightError } from "../../src/flight/index.ts";
import { DuplexService } from "../../src/gen/hangar/v1/duplex_service_pb.ts";
import { createMemoryProducer, type CallContext, type FlightProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { sendOnce } from "../support/duplex-send.ts";
import { waitUntil } from "../support/wait.ts";

const peers: string[] = [];

/** A producer whose gets end when their clients leave. */
const waiting: FlightProducer = Object.assign(createMemoryProducer(), {
  // eslint-disable-next-line require-yield
  async *doGet({ peer, signal }: CallContext): AsyncGenerator<never> {
    peers.push(peer);
    await once(signal, "abort");
    throw new FlightError("cancelled", "left");
  },
});

function clientBehind(port: number, forwardedFor: string) {
  return connectClient(`grpc://127.0.0.1:${port}`, { headers: { "x-forwarded-for": forwardedFor } });
}

test.each([
  { trustedProxies: ["127.0.0.1"], isOne: false },
  { trustedProxies: [], isOne: true },
])("clients behind the trusted proxies $trustedProxies are one caller: $isOne", async ({ trustedProxies, isOne }) => {
  const lines: Record<string, unknown>[] = [];
  const note = (line: object): void => void lines.push(line as Record<string, unknown>);
  const logger = { debug: () => {}, info: note, warn: note, error: note };
  const limits = { callsPerCaller: 1 };
  const server = createFlightServer({ producer: waiting, trustedProxies, limits, logger });
  const { port } = await server.listen({ port: 0 });
  const [first, again, other] = ["9.9.9.9, 203.0.113.1", "8.8.8.8, 203.0.113.1", "203.0.113.2"].map((each) =>
    clientBehind(port, each),
  );
  const left = new AbortController();
  const get = Array.fromAsync(first!.flight.doGet({ ticket: Buffer.from("a") }, { signal: left.signal }));
  const codeOf = async (client: typeof first) =>
    await client!.info("x").then(
      () => "ok",
      (reason: FlightError) => reason.code,
    );
  await waitUntil("the only place is taken", async () => (await codeOf(again)) === "resource_exhausted");
  expect(await codeOf(other)).toBe(isOne ? "resource_exhausted" : "not_found");
  left.abort();
  await get.catch(() => {});
  expect(peers.at(-1)).toMatch(isOne ? /^127\.0\.0\.1:\d+$/ : /^203\.0\.113\.1$/);
  await waitUntil("the get is logged", () => lines.some(({ code }) => code === "canceled"));
  expect(lines.find(({ code }) => code === "canceled")?.["peer"]).toBe(peers.at(-1));
  for (const client of [first, again, other]) client!.close();
  await server.close({ drainTimeoutMs: 0 });
});

test("a duplex stream behind a trusted proxy belongs to the address that opened it", async () => {
  const server = createFlightServer({ producer: waiting, trustedProxies: ["127.0.0.1"] });
  const { port } = await server.listen({ port: 0 });
  const transport = createGrpcWebTransport({ baseUrl: `http://127.0.0.1:${port}`, httpVersion: "1.1" });
  const duplex = createClient(DuplexService, transport);
  const from = (address: string) => ({ "x-forwarded-for": address });
  const left = new AbortController();
  const path = "/arrow.flight.protocol.FlightService/DoPut";
  const headers = [{ name: "content-type", value: "application/grpc+proto" }];
  const opened = duplex.open({ path, headers }, { headers: from("203.0.113.1"), signal: left.signal });
  const events = opened[Symbol.asyncIterator]();
  const { value } = await events.next();
  const id = value?.event.case === "opened" ? value.event.value.streamId : "";
  const send = (address: string) =>
    sendOnce(`http://127.0.0.1:${port}`, { streamId: id, isEnd: true, headers: from(address) });
  expect((await send("203.0.113.2")).error).toMatchObject({ message: "there is no duplex stream with this id" });
  expect(await send("203.0.113.1")).toMatchObject({ status: 204, accepted: 0 });
  left.abort();
  await events.next().catch(() => {});
  await server.close({ drainTimeoutMs: 0 });
});
