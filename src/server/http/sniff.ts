import type { Socket } from "node:net";
import type { SpreadWork } from "./spread-work.ts";

/** The start of an HTTP/2 client's preface. No HTTP/1.1 method begins with PRI. */
const prefaceStart = Buffer.from("PRI");

/** Options of `sniff`. */
export interface SniffOptions {
  readonly headerTimeoutMs: number;
  readonly onTimeout: () => void;
  readonly starts: SpreadWork;
}

/**
 * Waits for a connection's first bytes, within a time limit, and passes it to the server of its protocol.
 *
 * @param options - `onTimeout` is called when the time is over; the connection is then closed. `starts` spreads the work
 * of creating sessions
 */
export function sniff(
  socket: Socket,
  { headerTimeoutMs, onTimeout, starts }: SniffOptions,
  serverFor: (isHttp2: boolean) => { emit(event: "connection", socket: Socket): boolean },
) {
  let head = Buffer.alloc(0);
  const timeout = setTimeout(() => {
    onTimeout();
    socket.destroy();
  }, headerTimeoutMs);
  socket.once("close", () => clearTimeout(timeout));
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const isPossible = prefaceStart.subarray(0, head.length).equals(head.subarray(0, prefaceStart.length));
    if (isPossible && head.length < prefaceStart.length) return;
    clearTimeout(timeout);
    socket.off("data", onData);
    socket.pause();
    socket.unshift(head);
    starts.add(() => {
      if (socket.destroyed) return;
      serverFor(isPossible).emit("connection", socket);
      // An HTTP/2 session reads the socket's buffer itself; a flowing socket would lose the data.
      if (!isPossible) socket.resume();
    });
  };
  socket.on("data", onData);
}
