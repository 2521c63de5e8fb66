import { create, toBinary } from "@bufbuild/protobuf";
import { once } from "node:events";
import { connect as connectHttp2, constants, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import { connect as connectSocket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { zstdCompressSync } from "node:zlib";
import { Field, Int64, Schema, Table } from "apache-arrow";
import { joinBody, type FlightFrame } from "../../src/flight/index.ts";
import { FlightDataSchema, TicketSchema } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { createTable, toPutFrames } from "../contract/tables.ts";
import { zstdFrame } from "./zstd-frame.ts";

/*
 * Clients that make a server hold much memory, each bounded by a count. All of them have left when the promise resolves.
 */

const mebi = 1024 * 1024;

/** How long clients stay that wait for nothing, in milliseconds: the server takes what it takes meanwhile. */
const stayMs = 3_000;

/** Puts a server under a load of so many clients or requests; the dataset is one that it has. */
export type MemoryLoad = (port: number, dataset: string, count: number) => Promise<void>;

/** Readers that open a get each, on a connection each, and never read. */
export async function pauseReaders(port: number, dataset: string, count: number): Promise<void> {
  const sessions = await Promise.all(Array.from({ length: count }, () => openSession(port)));
  await Promise.all(sessions.map((session) => once(startGet(session, dataset), "response")));
  await sleep(stayMs);
  await leave(sessions);
}

/** Gets that are opened and reset at once, on one connection, no more than 900 a second. */
export async function resetStreams(port: number, dataset: string, count: number): Promise<void> {
  const session = await openSession(port);
  const turnMs = 10;
  const perTurn = 9;
  for (let opened = 0; opened < count && !session.destroyed; opened += perTurn) {
    for (let i = 0; i < perTurn; i++) startGet(session, dataset).close(constants.NGHTTP2_CANCEL);
    await sleep(turnMs);
  }
  await leave([session]);
}

/** Requests that are written on one HTTP/1.1 connection without waiting for answers; resolves once all are answered. */
export async function pipelineRequests(port: number, _dataset: string, count: number): Promise<void> {
  const socket = connectSocket(port, "127.0.0.1");
  const request =
    "POST /hangar.v1.DatasetService/ListDatasets HTTP/1.1\r\n" +
    `host: 127.0.0.1:${port}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`;
  socket.write(request.repeat(count));
  let answeredCount = 0;
  let rest = "";
  for await (const chunk of socket) {
    const parts = (rest + (chunk as Buffer).toString("latin1")).split("HTTP/1.1 200");
    answeredCount += parts.length - 1;
    rest = parts.at(-1)!.slice(-"HTTP/1.1 200".length);
    if (answeredCount === count) break;
  }
  socket.destroy();
  if (answeredCount !== count) throw new Error(`${answeredCount} of ${count} requests were answered`);
}

/** Puts that stop 100 bytes before the end of a batch of 200 MiB. */
export async function stopPuts(port: number, _dataset: string, count: number): Promise<void> {
  const byteLength = 200 * mebi;
  const sessions = await Promise.all(Array.from({ length: count }, () => openSession(port)));
  const chunk = new Uint8Array(mebi);
  for (const [i, session] of sessions.entries()) {
    const stream = request(session, "DoPut");
    stream.write(envelope(toMessage(toPutFrames([`half-${i}`], createTable(1))[0]!)));
    // data_body, of all of the message.
    const bodyByteLength = byteLength - 6;
    const varint = [0, 7, 14, 21].map((shift) => (bodyByteLength >> shift) & (shift === 21 ? 0x7f : 0xff));
    const head = Uint8Array.of(0xc2, 0x3e, ...varint.map((byte, at) => (at < 3 ? byte | 0x80 : byte)));
    stream.write(envelope(head, byteLength));
    void writeAll(stream, chunk, bodyByteLength - 100);
  }
  await sleep(stayMs);
  await leave(sessions);
}

/** Puts of a few kilobytes whose one batch expands to 240 MB; resolves once all have been answered. */
export async function expandPuts(port: number, _dataset: string, count: number): Promise<void> {
  const rowCount = 30_000_000;
  const values = zstdCompressSync(new Uint8Array(8 * rowCount));
  const none = { declared: -1n, bytes: new Uint8Array(0) };
  const batch = zstdFrame([none, { declared: BigInt(8 * rowCount), bytes: values }], [rowCount]);
  const [schema] = toPutFrames(["x"], new Table(new Schema([new Field("n", new Int64(), false)])));
  const sessions = await Promise.all(Array.from({ length: count }, () => openSession(port)));
  await Promise.all(
    sessions.map(async (session, i) => {
      const stream = request(session, "DoPut");
      const { descriptor } = toPutFrames([`expanded-${i}`], createTable(1))[0]!;
      stream.write(envelope(toMessage({ ...schema!, ...(descriptor && { descriptor }) })));
      stream.end(envelope(toMessage(batch)));
      stream.resume();
      await once(stream, "close");
    }),
  );
  await leave(sessions);
}

async function openSession(port: number): Promise<ClientHttp2Session> {
  const session = connectHttp2(`http://127.0.0.1:${port}`).on("error", () => {});
  await once(session, "remoteSettings");
  return session;
}

async function leave(sessions: readonly ClientHttp2Session[]): Promise<void> {
  const closed = sessions.map(async (session) => session.destroyed || (await once(session, "close")));
  for (const session of sessions) session.destroy();
  await Promise.all(closed);
}

function request(session: ClientHttp2Session, method: string): ClientHttp2Stream {
  const path = `/arrow.flight.protocol.FlightService/${method}`;
  const fields = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
  return session.request(fields).on("error", () => {});
}

function startGet(session: ClientHttp2Session, dataset: string): ClientHttp2Stream {
  const stream = request(session, "DoGet");
  stream.end(envelope(toBinary(TicketSchema, create(TicketSchema, { ticket: Buffer.from(dataset) }))));
  return stream;
}

async function writeAll(stream: ClientHttp2Stream, chunk: Uint8Array, byteLength: number): Promise<void> {
  for (let rest = byteLength; rest > 0; rest -= chunk.byteLength) {
    if (!stream.write(chunk.subarray(0, rest))) await once(stream, "drain").catch(() => {});
    if (stream.destroyed) return;
  }
}

function toMessage(frame: FlightFrame): Uint8Array {
  const { descriptor: flightDescriptor, header: dataHeader } = frame;
  const dataBody = joinBody(frame);
  return toBinary(FlightDataSchema, create(FlightDataSchema, { flightDescriptor, dataHeader, dataBody }));
}

function envelope(message: Uint8Array, byteLength = message.byteLength): Uint8Array {
  const bytes = new Uint8Array(5 + message.byteLength);
  new DataView(bytes.buffer).setUint32(1, byteLength);
  bytes.set(message, 5);
  return bytes;
}
