import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { Dictionary, Field, Int32, Int64, Schema, Table, tableFromArrays, Utf8, vectorFromArray } from "apache-arrow";
import { duplexSendBytesMax } from "../../src/duplex/limits.ts";
import { appMetadataBytesMax, createFrame, type FlightFrame } from "../../src/flight/index.ts";
import { DuplexService } from "../../src/gen/hangar/v1/duplex_service_pb.ts";
import { acknowledgementBytesMax } from "../../src/producer/limits.ts";
import type { ServerLimits } from "../../src/server/index.ts";
import { createTable, toPutFrames } from "../contract/tables.ts";
import { sendOnce } from "../support/duplex-send.ts";
import { cancelFrame, continuationFrame, headersFrame, pingFrame, settingsFrame } from "../support/raw-http2.ts";
import { openHttp2Stream } from "../support/raw-http.ts";
import { createSharedSchema, sharedParts } from "../support/shared-schema.ts";
import { waitUntil } from "../support/wait.ts";
import { zstdFrame } from "../support/zstd-frame.ts";
import {
  closeOf,
  failureOf,
  openSocket,
  sendFrames,
  type LimitedOptions,
  type LimitedServer,
} from "./limited-server.ts";

/** How a client reaches a limit, and what it then sees. */
export interface LimitCase extends Omit<LimitedOptions, "limits"> {
  readonly limits?: Partial<ServerLimits>;
  /** Reaches the limit; returns what the client sees. */
  reach(server: LimitedServer): Promise<string>;
  /** What the client should see. */
  readonly seen: RegExp;
}

const flight = "/arrow.flight.protocol.FlightService";
const small = tableFromArrays({ n: [1, 2, 3] });
const exhausted = (limit: string): RegExp => new RegExp(`^resource_exhausted: .*\\(${limit}\\)$`);
const tooMany = (limit: string): RegExp => new RegExp(`^429 .*\\(${limit}\\)`);

/** An open call without a message. */
const openCall = (method: string) => ({
  ":method": "POST",
  ":scheme": "http",
  ":path": `${flight}/${method}`,
  ":authority": "localhost",
  "content-type": "application/grpc",
  te: "trailers",
});

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** Opens calls of a method on one connection, and does not end them. */
const openCalls = (count: number) => times(count, (i) => headersFrame(2 * i + 1, openCall("DoPut")));

/** Sends a body to a method of Flight. @returns the status and the text of the answer */
async function post(
  server: LimitedServer,
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = {},
  path = "GetFlightInfo",
) {
  const answer = await fetch(`${server.url}${flight}/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  return `${answer.status} ${await answer.text()}`;
}

/** Begins a put over gRPC, and does not end it. @returns its status and message */
async function putEnvelope({ port }: LimitedServer, bytes: Buffer, headers: Record<string, string>): Promise<string> {
  const call = { ":path": `${flight}/DoPut`, "content-type": "application/grpc", te: "trailers", ...headers };
  const { fields } = await openHttp2Stream(port, call, bytes);
  return `${fields["grpc-status"]} ${decodeURIComponent(fields["grpc-message"] ?? "")}`;
}

const activeGets = `hangar_calls_active{method="arrow.flight.protocol.FlightService/DoGet"}`;

/** Opens two puts that do not end. @returns how the second one fails */
async function putTwice({ client, metric }: LimitedServer): Promise<string> {
  const release = Promise.withResolvers<void>();
  const source = async function* () {
    yield small.batches[0]!;
    await release.promise;
  };
  const first = client.put("a", source());
  await waitUntil("the first one is under way", async () => (await metric("hangar_uploads")) === 1);
  const seen = await failureOf(client.put("b", source()));
  release.resolve();
  await first;
  return seen;
}

async function openDuplexTwice({ url }: LimitedServer): Promise<string> {
  const duplex = createClient(DuplexService, createGrpcWebTransport({ baseUrl: url, httpVersion: "1.1" }));
  const left = new AbortController();
  const call = { path: `${flight}/DoPut`, headers: [{ name: "content-type", value: "application/grpc+proto" }] };
  const open = () => duplex.open(call, { signal: left.signal })[Symbol.asyncIterator]();
  const first = open();
  await first.next();
  const seen = await open()
    .next()
    .then(
      () => "ok",
      (reason: { code: number; rawMessage: string }) => `${reason.code}: ${reason.rawMessage}`,
    );
  left.abort();
  await first.next().catch(() => {});
  return seen;
}

async function sendTooMuch({ url }: LimitedServer): Promise<string> {
  const duplex = createClient(DuplexService, createGrpcWebTransport({ baseUrl: url, httpVersion: "1.1" }));
  const left = new AbortController();
  const call = { path: `${flight}/DoPut`, headers: [{ name: "content-type", value: "application/grpc+proto" }] };
  const events = duplex.open(call, { signal: left.signal })[Symbol.asyncIterator]();
  const { event } = (await events.next()).value!;
  const streamId = event.case === "opened" ? event.value.streamId : "";
  const { status, error } = await sendOnce(url, { streamId, body: new Uint8Array(duplexSendBytesMax + 1) });
  left.abort();
  await events.next().catch(() => {});
  return `${status} ${error?.message}`;
}

async function putFrames({ client }: LimitedServer, frames: readonly FlightFrame[]): Promise<string> {
  const source = async function* () {
    yield* frames;
  };
  return await failureOf(Array.fromAsync(client.flight.doPut(source())));
}

const schemaOf = (table: Table): FlightFrame => toPutFrames(["x"], table)[0]!;

/** A batch whose one column expands to 8 kB. */
function expandingPut(): FlightFrame[] {
  const none = { declared: -1n, bytes: new Uint8Array(0) };
  const batch = zstdFrame([none, { declared: 8_000n, bytes: zstdCompressSync(new Uint8Array(8_000)) }], [1_000]);
  return [schemaOf(new Table(new Schema([new Field("n", new Int64(), false)]))), batch];
}

async function openAndWait({ port }: LimitedServer, text = ""): Promise<string> {
  const socket = await openSocket(port);
  socket.write(text);
  return await closeOf(socket);
}

const jsonOfItems = (count: number): string => JSON.stringify({ path: times(count, String) });

/** A request of one connection that is not answered before its client leaves. */
const get = `POST ${flight}/DoGet HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/grpc-web+proto\r\n`;
/** The ticket `a`, in an envelope. */
const ticket = "\0\0\0\0\x03\n\x01a";
const waitingGet = `${get}content-length: ${ticket.length}\r\n\r\n${ticket}`;

/** A case for each limit, by its key. */
export const limitCases: Readonly<Record<string, LimitCase>> = {
  connections: {
    limits: { connections: 2 },
    reach: async ({ port }) => {
      const [first] = [await openSocket(port), await openSocket(port), await openSocket(port)];
      return await closeOf(first);
    },
    seen: /^closed$/,
  },
  "connections-per-address": {
    limits: { connectionsPerAddress: 2 },
    reach: async ({ port }) => {
      const [first] = [await openSocket(port), await openSocket(port), await openSocket(port)];
      return await closeOf(first);
    },
    seen: /^closed$/,
  },
  "streams-per-connection": {
    limits: { streamsPerConnection: 2 },
    reach: ({ port }) => sendFrames(port, openCalls(3)),
    seen: /^RST_STREAM 7$/,
  },
  "calls-per-connection": {
    limits: { callsPerConnection: 2 },
    reach: ({ port }) => sendFrames(port, openCalls(3)),
    seen: /^RST_STREAM 7$/,
  },
  "calls-per-caller": {
    limits: { callsPerCaller: 1 },
    reach: async ({ client, metric }) => {
      const left = new AbortController();
      const get = Array.fromAsync(client.flight.doGet({ ticket: Buffer.from("a") }, { signal: left.signal }));
      await waitUntil("the first one is under way", async () => (await metric(activeGets)) === 1);
      const seen = await failureOf(client.info("x"));
      left.abort();
      await get.catch(() => {});
      return seen;
    },
    seen: exhausted("calls-per-caller"),
  },
  uploads: { limits: { uploads: 1 }, reach: putTwice, seen: exhausted("uploads") },
  "uploads-per-caller": { limits: { uploadsPerCaller: 1 }, reach: putTwice, seen: exhausted("uploads-per-caller") },
  "unfinished-upload-bytes": {
    limits: { unfinishedUploadBytes: 999 },
    reach: ({ client }) => failureOf(client.put("a", small)),
    seen: exhausted("unfinished-upload-bytes"),
  },
  "unfinished-upload-bytes-per-caller": {
    limits: { unfinishedUploadBytesPerCaller: 999 },
    reach: ({ client }) => failureOf(client.put("a", small)),
    seen: exhausted("unfinished-upload-bytes-per-caller"),
  },
  "duplex-streams": { limits: { duplexStreams: 1 }, reach: openDuplexTwice, seen: /^8: .*\(duplex-streams\)$/ },
  "duplex-streams-per-caller": {
    limits: { duplexStreamsPerCaller: 1 },
    reach: openDuplexTwice,
    seen: /^8: .*\(duplex-streams-per-caller\)$/,
  },
  "message-bytes": {
    limits: { messageBytes: 1_000 },
    reach: ({ client }) => failureOf(client.put("a", tableFromArrays({ n: new Float64Array(1_000) }))),
    seen: exhausted("message-bytes"),
  },
  "batch-bytes": {
    backend: "store",
    limits: { batchBytes: 1_000 },
    reach: (server) => putFrames(server, expandingPut()),
    seen: exhausted("batch-bytes"),
  },
  "compressed-message-bytes": {
    limits: { compressedMessageBytes: 100 },
    reach: async (server) => {
      const message = gzipSync(new Uint8Array(1_000));
      return await putEnvelope(server, Buffer.concat([Buffer.of(1, 0, 0, 0, message.length), message]), {
        "grpc-encoding": "gzip",
      });
    },
    seen: /^8 .*\(compressed-message-bytes\)$/,
  },
  "json-message-bytes": {
    limits: { jsonMessageBytes: 100 },
    reach: (server) => putEnvelope(server, Buffer.of(0, 0, 0, 1, 0), { "content-type": "application/grpc+json" }),
    seen: /^8 .*\(json-message-bytes\)$/,
  },
  "control-message-bytes": {
    limits: { controlMessageBytes: 100 },
    reach: (server) => post(server, jsonOfItems(100)),
    seen: tooMany("control-message-bytes"),
  },
  "message-items": {
    limits: { messageItems: 10 },
    reach: (server) => post(server, jsonOfItems(100)),
    seen: tooMany("message-items"),
  },
  "expansion-ratio": {
    limits: { expansionRatio: 2 },
    reach: (server) => post(server, gzipSync(" ".repeat(300 * 1024)), { "content-encoding": "gzip" }),
    seen: tooMany("expansion-ratio"),
  },
  "header-bytes": {
    limits: { headerBytes: 1_000 },
    reach: (server) => post(server, "{}", { "x-long": "y".repeat(1_000) }),
    seen: /^431 .*\(header-bytes\)/,
  },
  "url-bytes": {
    limits: { urlBytes: 100 },
    reach: (server) => post(server, "{}", {}, "y".repeat(100)),
    seen: /^414 .*\(url-bytes\)/,
  },
  "header-seconds": { limits: { headerSeconds: 1 }, reach: (server) => openAndWait(server), seen: /^closed$/ },
  "idle-seconds": {
    limits: { idleSeconds: 1 },
    reach: (server) => openAndWait(server, "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"),
    seen: /^closed$/,
  },
  "call-seconds": {
    limits: { callSeconds: 1 },
    reach: ({ client }) => failureOf(Array.fromAsync(client.flight.doGet({ ticket: Buffer.from("a") }))),
    seen: /^deadline_exceeded: a call may take at most 1 s$/,
  },
  "resets-per-second": { limits: { resetBurst: 10, resetsPerSecond: 1 }, reach: sendResets, seen: /^GOAWAY 2$/ },
  "reset-burst": { limits: { resetBurst: 10, resetsPerSecond: 1 }, reach: sendResets, seen: /^GOAWAY 2$/ },
  "pings-per-second": {
    limits: { pingsPerSecond: 10 },
    reach: ({ port }) => sendFrames(port, times(100, pingFrame)),
    seen: /^GOAWAY 11$/,
  },
  "settings-per-second": {
    limits: { settingsPerSecond: 10 },
    reach: ({ port }) => sendFrames(port, times(100, settingsFrame)),
    seen: /^GOAWAY 11$/,
  },
  "message-depth": {
    reach: (server) => post(server, `{"x":${"[".repeat(100)}${"]".repeat(100)}}`),
    seen: tooMany("message-depth"),
  },
  "message-field-bytes": {
    reach: (server) => {
      const appMetadata = new Uint8Array(appMetadataBytesMax + 1);
      return putFrames(server, [createFrame({ ...schemaOf(small), appMetadata })]);
    },
    seen: exhausted("message-field-bytes"),
  },
  "schema-expansion": {
    backend: "store",
    reach: (server) => putFrames(server, [{ ...schemaOf(small), header: createSharedSchema(sharedParts[0]!) }]),
    seen: exhausted("schema-expansion"),
  },
  "acknowledgement-bytes": { reach: leaveUnread, seen: exhausted("acknowledgement-bytes") },
  "upload-memory": {
    backend: "store",
    uploadBytesMax: 1_000,
    reach: ({ client }) => {
      const texts = vectorFromArray(
        times(1_000, (i) => `text ${i}`),
        new Dictionary(new Utf8(), new Int32()),
      );
      return failureOf(client.put("a", new Table({ texts })));
    },
    seen: exhausted("upload-memory"),
  },
  "send-bytes": { reach: sendTooMuch, seen: /^413 .*\(send-bytes\)$/ },
  "pipelined-requests": {
    reach: async (server) => {
      const socket = await openSocket(server.port);
      socket.write(waitingGet.repeat(17));
      await waitUntil("one request waits", async () => (await server.metric(reached("pipelined-requests"))) === 1);
      await waitUntil("the others run", async () => (await server.metric(activeGets)) >= 16);
      const count = await server.metric(activeGets);
      socket.destroy();
      return `${count} run`;
    },
    seen: /^16 run$/,
  },
  silence: {
    silence: { silenceCheckMs: 50, pingAfterMs: 100, silenceTimeoutMs: 200 },
    reach: (server) => openAndWait(server, `${get}content-length: 5\r\n\r\n`),
    seen: /^closed$/,
  },
  "refused-calls": {
    limits: { callsPerConnection: 1, streamsPerConnection: 1_000 },
    reach: ({ port }) => sendFrames(port, openCalls(300), "GOAWAY"),
    seen: /^GOAWAY 11$/,
  },
  "continuation-frames": {
    reach: ({ port }) => {
      const more = times(20, () => continuationFrame(1, { "x-more": "y" }));
      return sendFrames(port, [headersFrame(1, openCall("DoPut"), { isEnd: false }), ...more]);
    },
    seen: /^GOAWAY 2$/,
  },
  "unread-acknowledgements": {
    limits: { pingsPerSecond: 1e9 },
    reach: ({ port }) => sendFrames(port, times(20_000, pingFrame)),
    seen: /^GOAWAY 2$/,
  },
};

/** The name of the metric of a limit. */
export function reached(limit: string): string {
  return `hangar_limits_reached_total{limit="${limit}"}`;
}

async function sendResets({ port }: LimitedServer): Promise<string> {
  const calls = times(30, (i) => [headersFrame(2 * i + 1, openCall("DoPut")), cancelFrame(2 * i + 1)]);
  return await sendFrames(port, calls.flat());
}

/** Sends a put with metadata to acknowledge, and does not read the acknowledgements. */
async function leaveUnread({ client }: LimitedServer): Promise<string> {
  const [schema, batch] = toPutFrames(["x"], createTable(1));
  const appMetadata = new Uint8Array(appMetadataBytesMax);
  const failed = Promise.withResolvers<void>();
  let sentBytes = 0;
  const source = async function* () {
    yield schema!;
    for (; sentBytes <= 2 * acknowledgementBytesMax; sentBytes += appMetadata.byteLength) {
      yield createFrame({ ...batch!, appMetadata });
    }
    await failed.promise;
  };
  const answers = client.flight.doPut(source());
  await answers.next();
  await waitUntil("the server takes no more", async () => {
    const before = sentBytes;
    await sleep(1_000);
    return sentBytes >= acknowledgementBytesMax && sentBytes === before;
  });
  const seen = await failureOf(Array.fromAsync(answers));
  failed.resolve();
  return seen;
}
