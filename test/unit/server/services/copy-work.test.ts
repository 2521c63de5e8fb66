import { connect, type ClientHttp2Session } from "node:http2";
import { create, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SendQueue } from "../../../../src/duplex/index.ts";
import { sendBody } from "../../../../src/duplex/send-body.ts";
import type { SendPart } from "../../../../src/duplex/send-piece.ts";
import { SendSize } from "../../../../src/duplex/send-size.ts";
import { bodyByteLength, BodyQueue, detachBodies, joinBody, type FlightFrame } from "../../../../src/flight/index.ts";
import { FlightDataSchema, TicketSchema } from "../../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { createTable, toPutFrames } from "../../../contract/tables.ts";
import { countCopies } from "../../../support/count-copies.ts";
import { startWatchedServer, type WatchedServer } from "../../../support/watched-server.ts";

const name = "copied";
const frames = toPutFrames([name], createTable(1, { batchCount: 4, rowCountPerBatch: 20_000 }));
const bodyBytes = frames.reduce((sum, frame) => sum + bodyByteLength(frame), 0);
/** What may be copied besides bodies: headers, envelopes and other small messages. Another copy would be 100 %. */
const smallBytesMax = 0.05 * bodyBytes;

const encode = <T extends DescMessage>(schema: T, message: MessageShape<T>): Uint8Array =>
  encodeEnvelope(0, toBinary(schema, message));

/** The request of the put, in chunks as a socket delivers them. */
function* requestChunks(): Generator<Buffer> {
  const request = Buffer.concat(frames.map((frame) => encode(FlightDataSchema, toMessage(frame))));
  const chunkBytes = 16 * 1024;
  for (let at = 0; at < request.byteLength; at += chunkBytes) yield request.subarray(at, at + chunkBytes);
}

function toMessage(frame: FlightFrame) {
  const { descriptor, header } = frame;
  const parts = { dataHeader: header.slice(), dataBody: joinBody(frame).slice() };
  return create(FlightDataSchema, { ...parts, ...(descriptor && { flightDescriptor: descriptor }) });
}

describe("a server", () => {
  let watched: WatchedServer;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    watched = await startWatchedServer();
    session = connect(`http://127.0.0.1:${watched.port}`);
    await call("DoPut", requestChunks());
  });

  afterAll(async () => {
    session.destroy();
    await watched[Symbol.asyncDispose]();
  });

  /** Makes a call without any copy of its own. @returns the number of bytes of the response */
  function call(method: string, chunks: Iterable<Uint8Array>): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const path = `/arrow.flight.protocol.FlightService/${method}`;
    const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
    const stream = session.request(headers);
    let byteLength = 0;
    let status: unknown;
    stream.on("data", (chunk: Buffer) => (byteLength += chunk.byteLength));
    stream.on("trailers", (trailers) => (status = trailers["grpc-status"]));
    stream.on("close", () => (status === "0" ? resolve(byteLength) : reject(new Error(`status ${String(status)}`))));
    stream.on("error", reject);
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
    return promise;
  }

  test("copies each body of a put twice: together as it arrives, and for the worker", async () => {
    const chunks = [...requestChunks()];
    const copiedBytes = await countCopies(() => call("DoPut", chunks));
    expect(copiedBytes).toBeGreaterThanOrEqual(2 * bodyBytes);
    expect(copiedBytes).toBeLessThan(2 * bodyBytes + smallBytesMax);
  });

  test("copies no body of a get, because the worker's memory is sent", async () => {
    const request = [encode(TicketSchema, create(TicketSchema, { ticket: new TextEncoder().encode(name) }))];
    let receivedBytes = 0;
    const copiedBytes = await countCopies(async () => (receivedBytes = await call("DoGet", request)));
    expect(receivedBytes).toBeGreaterThan(bodyBytes);
    expect(copiedBytes).toBeLessThan(smallBytesMax);
  });
});

describe("a duplex stream", () => {
  test("copies each body once into a Send, and out of it not at all", async () => {
    const chunks = [...requestChunks()];
    const queue = new SendQueue({ queueBytesMax: Infinity, windowBytes: Infinity });
    let sendCount = 0;
    const send: SendPart = async ({ byteOffset, bytes, isEnd }) => {
      sendCount += 1;
      queue.offer(byteOffset, bytes);
      if (isEnd) queue.end(byteOffset + bytes.byteLength);
      return { acceptedByteLength: byteOffset + bytes.byteLength };
    };
    const limits = { sendBytesMax: bodyBytes, windowBytes: bodyBytes };
    const { signal } = new AbortController();
    const sentBytes = await countCopies(() => sendBody(chunks, { limits, size: new SendSize(), send, signal }));
    expect(sendCount).toBeGreaterThan(1);
    expect(sentBytes).toBeLessThan(bodyBytes + smallBytesMax);
    const bodies = new BodyQueue();
    const receivedBytes = await countCopies(async () => {
      for await (const _ of detachBodies(queue.read(), bodies, { messageBytesMax: bodyBytes })) continue;
    });
    expect(receivedBytes).toBeLessThan(smallBytesMax);
  });
});
