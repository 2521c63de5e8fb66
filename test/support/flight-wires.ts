import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect as connectHttp2, constants, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import type { Readable } from "node:stream";
import { create, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { joinBody, type FlightFrame } from "../../src/flight/index.ts";
import { FlightDataSchema, TicketSchema } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { DuplexService } from "../../src/gen/hangar/v1/duplex_service_pb.ts";
import { sendOnce } from "./duplex-send.ts";

/*
 * Clients that go away in the middle of a call, at any byte: no library lets them.
 */

const service = "/arrow.flight.protocol.FlightService";

/** A put under way. */
export interface PutWire {
  /** Sends bytes of the request; settles when the server has taken them from its socket. */
  send(bytes: Uint8Array): Promise<void>;
  /** Ends the request in good order. */
  end(): Promise<void>;
  /** Goes away, reading nothing of the answer. */
  vanish(): Promise<void>;
}

/** A get under way, of which nothing has been read. */
export interface GetWire {
  /** The bytes of the answer. Unread ones stay with the server, but for what windows and sockets take. */
  readonly answer: Promise<Readable>;
  vanish(): void;
}

/** A gRPC message of a frame, with its envelope. */
export function toGrpcMessage({ descriptor, header, appMetadata, ...frame }: FlightFrame): Uint8Array {
  const fields = { dataHeader: header, appMetadata, dataBody: joinBody({ header, appMetadata, ...frame }) };
  return envelop(
    toBinary(
      FlightDataSchema,
      create(FlightDataSchema, { ...fields, ...(descriptor && { flightDescriptor: descriptor }) }),
    ),
  );
}

function envelop(message: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(5 + message.byteLength);
  bytes.writeUInt32BE(message.byteLength, 1);
  bytes.set(message, 5);
  return bytes;
}

function openGrpc(port: number, method: string): { session: ClientHttp2Session; stream: ClientHttp2Stream } {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on("error", () => {});
  const headers = {
    ":method": "POST",
    ":path": `${service}/${method}`,
    "content-type": "application/grpc",
    te: "trailers",
  };
  const stream = session.request(headers, { endStream: false });
  stream.on("error", () => {});
  return { session, stream };
}

/** Settles when the server has read what was sent before. */
function roundTrip(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    session.ping((error) => (error ? reject(error) : resolve()));
  });
}

/** How a client of native gRPC goes away. */
function vanishOf({ session, stream }: ReturnType<typeof openGrpc>, how: "reset" | "break"): () => Promise<void> {
  return async () => {
    if (how === "break") return session.destroy();
    stream.close(constants.NGHTTP2_CANCEL);
    await roundTrip(session);
  };
}

/** A put over native gRPC; the client resets its stream, or breaks its connection. */
export async function putByGrpc(port: number, how: "reset" | "break"): Promise<PutWire> {
  const wire = openGrpc(port, "DoPut");
  await once(wire.session, "connect");
  await roundTrip(wire.session);
  return {
    async send(bytes) {
      await new Promise((resolve) => void wire.stream.write(bytes, resolve));
      await roundTrip(wire.session);
    },
    async end() {
      wire.stream.end();
      await roundTrip(wire.session);
    },
    vanish: vanishOf(wire, how),
  };
}

/** A put over a duplex stream, as a page has it: over HTTP/1.1, the tab is closed. */
export async function putByDuplex(port: number): Promise<PutWire> {
  const transport = createGrpcWebTransport({ baseUrl: `http://127.0.0.1:${port}`, httpVersion: "1.1" });
  const duplex = createClient(DuplexService, transport);
  const closing = new AbortController();
  const headers = [{ name: "content-type", value: "application/grpc" }];
  const events = duplex.open({ path: `${service}/DoPut`, headers }, { signal: closing.signal })[Symbol.asyncIterator]();
  const { value } = (await events.next()) as { value: { event: { case: string; value: { streamId: string } } } };
  const url = `http://127.0.0.1:${port}`;
  const own = { streamId: value.event.value.streamId, signal: closing.signal };
  let byteOffset = 0;
  return {
    async send(bytes) {
      await sendOnce(url, { ...own, byteOffset, body: Uint8Array.from(bytes) });
      byteOffset += bytes.byteLength;
    },
    async end() {
      await sendOnce(url, { ...own, byteOffset, isEnd: true });
    },
    async vanish() {
      closing.abort();
    },
  };
}

/** A get over native gRPC. */
export function getByGrpc(port: number, dataset: string, how: "reset" | "break"): GetWire {
  const wire = openGrpc(port, "DoGet");
  const answer = once(wire.stream, "response").then(() => wire.stream as Readable);
  answer.catch(() => {});
  wire.stream.end(envelop(ticketBytes(dataset)));
  const vanish = vanishOf(wire, how);
  return { answer, vanish: () => void vanish().catch(() => {}) };
}

/** A get over HTTP/1.1, by gRPC-Web or Connect. */
export function getByHttp1(port: number, dataset: string, protocol: "grpc-web" | "connect"): GetWire {
  const contentType = protocol === "connect" ? "application/connect+proto" : "application/grpc-web+proto";
  const headers = { "content-type": contentType };
  const request = httpRequest({ port, host: "127.0.0.1", method: "POST", path: `${service}/DoGet`, headers });
  request.on("error", () => {});
  const answer = once(request, "response").then(([response]) => (response as Readable).on("error", () => {}));
  answer.catch(() => {});
  request.end(envelop(ticketBytes(dataset)));
  return { answer, vanish: () => void request.destroy() };
}

function ticketBytes(dataset: string): Uint8Array {
  return toBinary(TicketSchema, create(TicketSchema, { ticket: new TextEncoder().encode(dataset) }));
}

/** Reads at least so many bytes of an answer, and then no more. */
export async function readSome(answer: Readable, byteLength: number): Promise<void> {
  for (let read = 0; read < byteLength;) {
    const chunk = answer.read() as Buffer | null;
    if (chunk === null) await once(answer, "readable");
    else read += chunk.byteLength;
  }
}
