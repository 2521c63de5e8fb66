import type { Socket } from "node:net";

/** The other end of a connection. */
export type Peer = Pick<Socket, "remoteAddress" | "remotePort">;

/**
 * Returns a key for the other end of a connection. A session, and a request under TLS, has another socket object than the
 * connection, but the same peer.
 */
export function peerKeyOf({ remoteAddress, remotePort }: Peer): string {
  return `${remoteAddress} ${remotePort}`;
}
