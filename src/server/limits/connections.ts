import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { OnLimit } from "./limit-counter.ts";
import type { ServerLimits } from "./server-limits.ts";

interface Connection {
  readonly socket: Socket;
  readonly address: string;
  readonly peer: string;
  session?: ServerHttp2Session;
  callCount: number;
}

type Peer = Pick<Socket, "remoteAddress" | "remotePort">;

/**
 * The open connections of a server. When there are too many, in all or of one address, the one that has been idle for
 * the longest time is closed; first among those that have never made a call. So connections that say nothing never keep others out; only when all are busy, a new one
 * is refused.
 */
export class Connections {
  readonly #limits: ServerLimits;
  readonly #onLimit: OnLimit;
  readonly #byPeer = new Map<string, Connection>();
  readonly #countByAddress = new Map<string, number>();
  /** Connections that have never made a call, the oldest first. */
  readonly #unused = new Set<Connection>();
  /** Other connections without a call, the one that has been idle for the longest time first. */
  readonly #idle = new Set<Connection>();

  constructor(limits: ServerLimits, onLimit: OnLimit) {
    this.#limits = limits;
    this.#onLimit = onLimit;
  }

  /** How many are open. */
  get count(): number {
    return this.#byPeer.size;
  }

  /** Adds a connection until it closes. @returns false where there is no room; the connection is then closed */
  add(socket: Socket): boolean {
    const { remoteAddress: address = "" } = socket;
    const isRoom =
      this.#makeRoom("connectionsPerAddress", this.#countByAddress.get(address) ?? 0, address) &&
      this.#makeRoom("connections", this.#byPeer.size);
    if (!isRoom) {
      socket.destroy();
      return false;
    }
    const peer = keyOf(socket);
    const connection: Connection = { socket, address, peer, callCount: 0 };
    this.#byPeer.set(peer, connection);
    this.#countByAddress.set(address, (this.#countByAddress.get(address) ?? 0) + 1);
    this.#unused.add(connection);
    socket.once("close", () => this.#remove(connection));
    return true;
  }

  /** Notes that a connection speaks HTTP/2. */
  setSession(session: ServerHttp2Session): void {
    const connection = this.#byPeer.get(keyOf(session.socket));
    if (connection) connection.session = session;
  }

  /** Begins a call on a connection. @returns what ends it, to be called once */
  beginCall(peer: Peer): () => void {
    const connection = this.#byPeer.get(keyOf(peer));
    if (connection === undefined) return () => {};
    connection.callCount += 1;
    this.#unused.delete(connection);
    this.#idle.delete(connection);
    return () => {
      connection.callCount -= 1;
      const isOpen = this.#byPeer.get(connection.peer) === connection;
      if (connection.callCount === 0 && isOpen) this.#idle.add(connection);
    };
  }

  #makeRoom(name: "connections" | "connectionsPerAddress", count: number, address?: string): boolean {
    if (count < this.#limits[name]) return true;
    this.#onLimit(name);
    const isMeant = (each: Connection): boolean => address === undefined || each.address === address;
    const connection = find(this.#unused, isMeant) ?? find(this.#idle, isMeant);
    if (connection === undefined) return false;
    // A session says goodbye, so that its client sends what it is about to send elsewhere.
    connection.session?.goaway();
    connection.socket.destroySoon();
    this.#remove(connection);
    return true;
  }

  #remove(connection: Connection): void {
    if (this.#byPeer.get(connection.peer) !== connection) return;
    this.#byPeer.delete(connection.peer);
    this.#unused.delete(connection);
    this.#idle.delete(connection);
    const count = (this.#countByAddress.get(connection.address) ?? 1) - 1;
    if (count === 0) this.#countByAddress.delete(connection.address);
    else this.#countByAddress.set(connection.address, count);
  }
}

function find<T>(items: Iterable<T>, isMeant: (item: T) => boolean): T | undefined {
  for (const item of items) if (isMeant(item)) return item;
  return undefined;
}

/** A session, and a request under TLS, has another socket object than the connection, but the same peer. */
function keyOf({ remoteAddress, remotePort }: Peer): string {
  return `${remoteAddress} ${remotePort}`;
}
