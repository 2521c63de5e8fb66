import type { Socket } from "node:net";

/** What a connection speaks: a client's preface begins with PRI, which no HTTP/1.1 method does. */
const prefaceStart = Buffer.from("PRI");

/** Waits for a connection's first bytes, within a time limit, and hands it to the server of its protocol. */
export function sniff(
  socket: Socket,
  headerTimeoutMs: number,
  serverFor: (isHttp2: boolean) => { emit(event: "connection", socket: Socket): boolean },
) {
  let head = Buffer.alloc(0);
  const timeout = setTimeout(() => socket.destroy(), headerTimeoutMs);
  socket.once("close", () => clearTimeout(timeout));
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const isPossible = prefaceStart.subarray(0, head.length).equals(head.subarray(0, prefaceStart.length));
    if (isPossible && head.length < prefaceStart.length) return;
    clearTimeout(timeout);
    socket.off("data", onData);
    socket.pause();
    socket.unshift(head);
    serverFor(isPossible).emit("connection", socket);
    // An HTTP/2 session takes what is in the socket's buffer by itself; flowing would lose it.
    if (!isPossible) socket.resume();
  };
  socket.on("data", onData);
}
