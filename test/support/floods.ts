import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { pauseReaders } from "./memory-loads.ts";
import {
  cancelFrame,
  continuationFrame,
  dataFrame,
  headersFrame,
  pingFrame,
  preface,
  settingsFrame,
} from "./raw-http2.ts";

/** How long each flood lasts, in milliseconds. */
const floodMs = 5_000;

/** A flood of one kind against a server. The dataset is one that the server has. All clients have left when it resolves. */
export type Flood = (port: number, dataset: string) => Promise<void>;

/** Addresses of this machine, so that no flood is held back by the limit of one address alone. */
const addresses = ["127.0.0.2", "127.0.0.3", "127.0.0.4"];

const method = "/arrow.flight.protocol.FlightService/GetFlightInfo";
const callFields = {
  ":method": "POST",
  ":scheme": "http",
  ":path": method,
  ":authority": "localhost",
  "content-type": "application/grpc",
  te: "trailers",
};

/** Every flood by its name. */
export const floods = {
  "rapid reset": pour((streamIds) => {
    const streamId = streamIds();
    return [headersFrame(streamId, callFields), cancelFrame(streamId)];
  }),
  "CONTINUATION frames": pour((streamIds, turn) => {
    const header = turn === 0 ? [headersFrame(streamIds(), callFields, { isEnd: false })] : [];
    return [...header, continuationFrame(1, { "x-more": "y".repeat(100) })];
  }),
  pings: pour(() => [pingFrame()]),
  settings: pour(() => [settingsFrame()]),
  "5,000 idle connections": crowd((socket) => void socket.write(preface)),
  "5,000 connections that never send a preface": crowd(() => {}),
  "5,000 connections that send their header slowly": crowd(
    (socket, index) => void socket.write(index % 2 === 0 ? "GET / HTTP/1.1\r\nhost: localhost\r\nx: " : preface),
    (socket) => void socket.write("a"),
  ),
  "200 readers that never read": (port, dataset) => pauseReaders(port, dataset, 200),
  "100 puts of one byte a second": slowPuts,
} satisfies Record<string, Flood>;

export type FloodName = keyof typeof floods;

/**
 * Sends frames on a few connections, as fast as the server takes them. A connection that the server ends is opened again.
 *
 * @param next - returns what comes next on a connection; `turn` counts from 0 on each
 */
function pour(next: (streamIds: () => number, turn: number) => readonly Buffer[]): Flood {
  const connectionCount = 4;
  const framesAtOnce = 100;
  return async (port) => {
    const end = performance.now() + floodMs;
    const one = async (localAddress: string): Promise<void> => {
      while (performance.now() < end) {
        const socket = await open(port, localAddress);
        socket.write(preface);
        let streamId = -1;
        for (let turn = 0; performance.now() < end && !socket.destroyed && socket.writable;) {
          const frames: Buffer[] = [];
          for (let i = 0; i < framesAtOnce; i++) frames.push(...next(() => (streamId += 2), turn++));
          if (!socket.write(Buffer.concat(frames))) await drained(socket);
        }
        socket.destroy();
      }
    };
    await Promise.all(Array.from({ length: connectionCount }, (_, index) => one(addresses[index % addresses.length]!)));
  };
}

/** Resolves when a connection takes more, has closed, or has taken nothing for a while. */
async function drained(socket: Socket): Promise<void> {
  const waitMs = 100;
  const signal = AbortSignal.timeout(waitMs);
  await Promise.race([once(socket, "drain", { signal }), once(socket, "close", { signal })]).catch(() => {});
}

/** Opens 5,000 connections and keeps those that the server does not close. */
function crowd(begin: (socket: Socket, index: number) => void, everySecond?: (socket: Socket) => void): Flood {
  const connectionCount = 5_000;
  const openedAtOnce = 100;
  return async (port) => {
    const sockets: Socket[] = [];
    const timer = setInterval(() => {
      for (const socket of sockets) if (socket.writable) everySecond?.(socket);
    }, 1_000);
    while (sockets.length < connectionCount) {
      const opened = Array.from({ length: openedAtOnce }, (_, index) =>
        open(port, addresses[index % addresses.length]!),
      );
      for (const [index, socket] of (await Promise.all(opened)).entries()) {
        begin(socket, index);
        sockets.push(socket);
      }
    }
    await sleep(floodMs);
    clearInterval(timer);
    await leave(sockets);
  };
}

async function slowPuts(port: number): Promise<void> {
  const putCount = 100;
  const fields = { ...callFields, ":path": "/arrow.flight.protocol.FlightService/DoPut" };
  const sockets = await Promise.all(Array.from({ length: putCount }, () => open(port, addresses[0]!)));
  for (const socket of sockets) socket.write(Buffer.concat([preface, headersFrame(1, fields)]));
  const message = Buffer.from([0, 0, 0, 1, 0, ...new Uint8Array(100)]);
  for (let at = 0; at < floodMs / 1000; at++) {
    for (const socket of sockets) socket.write(dataFrame(1, message.subarray(at, at + 1)));
    await sleep(1_000);
  }
  await leave(sockets);
}

/** Resolves with a connection, also where the server closes it at once. */
async function open(port: number, localAddress: string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  socket.on("error", () => {});
  socket.resume();
  await Promise.race([once(socket, "connect"), once(socket, "close")]).catch(() => {});
  return socket;
}

async function leave(sockets: readonly Socket[]): Promise<void> {
  const closed = sockets.map(async (socket) => socket.closed || (await once(socket, "close")));
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
}
