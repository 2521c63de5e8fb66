import { create, toBinary } from "@bufbuild/protobuf";
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import { once } from "node:events";
import { zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createFrame } from "../../src/flight/index.ts";
import { FlightDataSchema } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { get, list, put, putFrames } from "../contract/calls.ts";
import { contentOf, createTable, toPutFrames, toRows } from "../contract/tables.ts";
import { zstdFrame } from "../support/zstd-frame.ts";
import { waitUntil } from "../support/wait.ts";
import { startWatchedServer } from "../support/watched-server.ts";
import { Field, Int64, Schema, Table } from "apache-arrow";

const mebi = 1024 * 1024;
const messageByteLength = 8 * mebi;

function envelope(message: Uint8Array, byteLength = message.byteLength): Uint8Array {
  const bytes = new Uint8Array(5 + message.byteLength);
  new DataView(bytes.buffer).setUint32(1, byteLength);
  bytes.set(message, 5);
  return bytes;
}

/** Starts a put of one batch that stops before its end. */
function startHalfPut(session: ClientHttp2Session, name: string, headers = {}): ClientHttp2Stream {
  const [{ descriptor, header } = createFrame({})] = toPutFrames([name], createTable(1));
  const stream = session.request({
    ":method": "POST",
    ":path": "/arrow.flight.protocol.FlightService/DoPut",
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
  stream.on("error", () => {});
  stream.write(
    envelope(
      toBinary(FlightDataSchema, create(FlightDataSchema, { flightDescriptor: descriptor!, dataHeader: header })),
    ),
  );
  const batch = new Uint8Array(messageByteLength - 100);
  // data_body, of all of the message.
  batch.set([0xc2, 0x3e, 0xfa, 0xff, 0xff, 0x03]);
  stream.write(envelope(batch, messageByteLength));
  return stream;
}

/** The status of gRPC that a call ends with. */
async function statusOf(stream: ClientHttp2Stream): Promise<string> {
  stream.resume();
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const event of ["response", "trailers"]) {
    stream.on(event, (fields: Record<string, string>) => fields["grpc-status"] && resolve(fields["grpc-status"]));
  }
  return await promise;
}

describe("messages under way", () => {
  test("wait for each other, let small puts pass, and hold nothing when their clients have left", async () => {
    await using server = await startWatchedServer({ uploadBytesMax: 24 * mebi });
    const { claims } = server.pool.uploads;
    const session = connect(`http://127.0.0.1:${server.port}`);
    await once(session, "connect");
    const streams = Array.from({ length: 10 }, (_, i) => startHalfPut(session, `half-${i}`));
    await waitUntil("two messages are under way", () => claims.claimedBytes === 2 * messageByteLength);
    await put(server.store, ["small"], createTable(2));
    expect(toRows(await get(server.store, "small"))).toEqual(contentOf(createTable(2)));
    // On a busy machine, a stalled one may just be giving its place to the next one.
    await waitUntil("two messages are still under way", () => claims.claimedBytes === 2 * messageByteLength);
    for (const stream of streams) stream.close();
    await waitUntil("nothing is claimed", () => claims.claimedBytes === 0);
    session.close();
    expect(await list(server.store)).toEqual(["small"]);
    await server.expectNothingHeld();
  });

  test.each([
    ["for its name", "../outside", {}, "3"],
    ["as its dataset is there", "there", { "hangar-put-mode": "create" }, "6"],
    ["for its mode", "new", { "hangar-put-mode": "nonsense" }, "3"],
  ])("of a put that is refused %s hold nothing, though its client stays", async (_why, name, headers, code) => {
    await using server = await startWatchedServer({ uploadBytesMax: 24 * mebi });
    await put(server.store, ["there"], createTable(1));
    const session = connect(`http://127.0.0.1:${server.port}`);
    expect(await statusOf(startHalfPut(session, name, headers))).toBe(code);
    await waitUntil("nothing is claimed", () => server.pool.uploads.claims.claimedBytes === 0);
    await server.expectNothingHeld();
    session.close();
  });

  test("that stall while others wait are refused, hold nothing, and the others go on", async () => {
    await using server = await startWatchedServer({ uploadBytesMax: 8 * mebi });
    const { claims } = server.pool.uploads;
    const session = connect(`http://127.0.0.1:${server.port}`);
    const stalled = startHalfPut(session, "stalled");
    await waitUntil("its message is under way", () => claims.claimedBytes === messageByteLength);
    const waiting = startHalfPut(session, "waiting");
    // RESOURCE_EXHAUSTED; its client neither sends nor leaves.
    expect(await statusOf(stalled)).toBe("8");
    await waitUntil("the other's message has its place", () => claims.claimedBytes === messageByteLength);
    waiting.close();
    session.close();
    await server.expectNothingHeld();
  });

  test("that expand are expanded as far as there is room, and all are stored", async () => {
    await using server = await startWatchedServer({ uploadBytesMax: 24 * mebi, workerCount: 2 });
    const { claims } = server.pool.uploads;
    const rowCount = mebi;
    const values = zstdCompressSync(new Uint8Array(8 * rowCount));
    const none = { declared: -1n, bytes: new Uint8Array(0) };
    const batch = zstdFrame([none, { declared: BigInt(8 * rowCount), bytes: values }], [rowCount]);
    const table = new Table(new Schema([new Field("n", new Int64(), false)]));
    let claimedBytesMax = 0;
    const watch = setInterval(() => (claimedBytesMax = Math.max(claimedBytesMax, claims.claimedBytes)), 1);
    const names = Array.from({ length: 8 }, (_, i) => `z${i}`);
    await Promise.all(names.map((name) => putFrames(server.store, [...toPutFrames([name], table).slice(0, 1), batch])));
    clearInterval(watch);
    expect(claimedBytesMax).toBeGreaterThan(0);
    expect(claimedBytesMax).toBeLessThanOrEqual(24 * mebi * 0.75);
    expect(await list(server.store)).toEqual(names);
    expect(claims.claimedBytes).toBe(0);
    await server.expectNothingHeld();
  });
});
