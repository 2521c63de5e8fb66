import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { peerKeyOf, type Peer } from "../http/peer-key.ts";
import type { OnLimit } from "./limit-counter.ts";
import type { ServerLimits } from "./server-limits.ts";

interface Connection {
  readonly socket: Socket;
  readonly address: string;
  readonly peer: string;
  session?: ServerHttp2Session;
  callCount: number;
}

/**
 * The open connections of a server. If there are too many, in total or from one address, the connection with the
 * longest idle time is closed. Connections that never made a call are closed first. So silent connections never keep
 * others out. A new connection is refused only if all others are busy.
 */
export class Connections {
  readonly #limits: ServerLimits;
  readonly #onLimit: OnLimit;
  readonly #byPeer = new Map<string, Connection>();
  readonly #countByAddress = new Map<string, number>();
  /** Connections that never made a call, the oldest first. */
  readonly #unused = new Set<Connection>();
  /** Other connections without a running call, the one with the longest idle time first. */
  readonly #idle = new Set<Connection>();

  constructor(limits: ServerLimits, onLimit: OnLimit) {
    this.#limits = limits;
    this.#onLimit = onLimit;
  }

  /** The number of open connections. */
  get count(): number {
    return this.#byPeer.size;
  }

  /** Adds a connection until it closes. @returns false if there is no room; the connection is then closed */
  add(socket: Socket): boolean {
    const { remoteAddress: address = "" } = socket;
    const isRoom =
      this.#makeRoom("connectionsPerAddress", this.#countByAddress.get(address) ?? 0, address) &&
      this.#makeRoom("connections", this.#byPeer.size);
    if (!isRoom) {
      socket.destroy();
      return false;
    }
    const peer = peerKeyOf(socket);
    const connection: Connection = { socket, address, peer, callCount: 0 };
    this.#byPeer.set(peer, connection);
    this.#countByAddress.set(address, (this.#countByAddress.get(address) ?? 0) + 1);
    this.#unused.add(connection);
    socket.once("close", () => this.#remove(connection));
    return true;
  }

  /** Sets the HTTP/2 session of a connection. */
  setSession(session: ServerHttp2Session): void {
    const connection = this.#byPeer.get(peerKeyOf(session.socket));
    if (connection) connection.session = session;
  }

  /** Registers a call of a connection. @returns a function that ends it; call it once */
  beginCall(peer: Peer): () => void {
    const connection = this.#byPeer.get(peerKeyOf(peer));
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
    // GOAWAY tells the client to send its next calls over another connection.
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
