import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { pausedResponseTimeoutMs, pingAfterMs, silenceCheckMs, silenceTimeoutMs } from "./limits.ts";
import { peerKeyOf } from "./peer-key.ts";
import { readUnanswered } from "./unanswered.ts";

/** Time limits for silent connections, in milliseconds. The defaults are in `limits.ts`. */
export interface SilenceLimits {
  /** The interval between checks. */
  readonly silenceCheckMs?: number | undefined;
  /** The silence after which an HTTP/2 client gets a ping. */
  readonly pingAfterMs?: number | undefined;
  /** The silence after which a connection is closed. */
  readonly silenceTimeoutMs?: number | undefined;
  /** The silence after which an HTTP/1.1 connection is closed while its client does not read the response. */
  readonly pausedResponseTimeoutMs?: number | undefined;
}

/** Time limits for silent connections and silent duplex streams, in milliseconds. */
export interface FlightSilenceLimits extends SilenceLimits {
  /** The silence after which a duplex stream ends. */
  readonly duplexIdleTimeoutMs?: number | undefined;
}

interface Watched {
  session?: ServerHttp2Session;
  /** The latest request of an HTTP/1.1 connection. Only it can be incomplete. */
  exchange?: { readonly req: IncomingMessage; readonly res: ServerResponse };
  readBytes: number;
  writtenBytes: number;
  lastByteAt: number;
  /** The kernel's count of unacknowledged packets, and the time of its last decrease. */
  unanswered: { count: number; since: number };
  isPinged: boolean;
}

/**
 * Closes connections whose peer has vanished: its machine lost power, or a NAT lost its state. The kernel's keepalive
 * finds idle ones. It does not check connections that wait for an acknowledgement, and it knows nothing behind a proxy.
 * A paused reader is not closed: its HTTP/2 library answers pings, and its kernel answers probes.
 */
export class SilenceWatch {
  readonly #watched = new Map<Socket, Watched>();
  /** Connections by their peer. A session, or a request with TLS, has another socket object than its connection. */
  readonly #byPeer = new Map<string, Watched>();
  readonly #limits: Required<{ [K in keyof SilenceLimits]: number }>;
  readonly #timer: NodeJS.Timeout;
  readonly #onClose: () => void;
  /** The time that the checks have counted, and when the last check was, in milliseconds. */
  #countedMs = 0;
  #checkedAt = performance.now();

  /** @param onClose - called for each connection that is closed */
  constructor(limits: SilenceLimits = {}, onClose: () => void) {
    this.#onClose = onClose;
    this.#limits = {
      silenceCheckMs: limits.silenceCheckMs ?? silenceCheckMs,
      pingAfterMs: limits.pingAfterMs ?? pingAfterMs,
      silenceTimeoutMs: limits.silenceTimeoutMs ?? silenceTimeoutMs,
      pausedResponseTimeoutMs: limits.pausedResponseTimeoutMs ?? pausedResponseTimeoutMs,
    };
    this.#timer = setInterval(() => void this.#sweep(), this.#limits.silenceCheckMs).unref();
  }

  /** Watches a connection until it closes. */
  add(socket: Socket): void {
    socket.setKeepAlive(true, this.#limits.pingAfterMs);
    const now = this.#now;
    const unanswered = { count: 0, since: now };
    const watched: Watched = { readBytes: 0, writtenBytes: 0, lastByteAt: now, unanswered, isPinged: false };
    const peer = peerKeyOf(socket);
    this.#watched.set(socket, watched);
    this.#byPeer.set(peer, watched);
    socket.once("close", () => {
      this.#watched.delete(socket);
      if (this.#byPeer.get(peer) === watched) this.#byPeer.delete(peer);
    });
  }

  /** Sets the HTTP/2 session of a connection. */
  setSession(session: ServerHttp2Session): void {
    const watched = this.#byPeer.get(peerKeyOf(session.socket));
    if (watched) watched.session = session;
  }

  /** Sets the current request and response of an HTTP/1.1 connection. */
  setExchange(req: IncomingMessage, res: ServerResponse): void {
    const watched = this.#byPeer.get(peerKeyOf(req.socket));
    if (watched) watched.exchange = { req, res };
  }

  /** Stops watching. The connections stay open. */
  close(): void {
    clearInterval(this.#timer);
  }

  /**
   * The time by which silence is measured, in milliseconds. It counts no more than two intervals between two checks: a
   * process that stood still has read nothing meanwhile, which its clients are not to blame for.
   */
  get #now(): number {
    return this.#countedMs + Math.min(performance.now() - this.#checkedAt, 2 * this.#limits.silenceCheckMs);
  }

  async #sweep(): Promise<void> {
    const now = this.#now;
    this.#countedMs = now;
    this.#checkedAt = performance.now();
    const silent = [...this.#watched].filter(([socket, watched]) => isSilent(socket, watched, now));
    // Only silent connections can have unacknowledged packets for long.
    const unansweredOf = await readUnanswered(silent.map(([socket]) => socket));
    for (const [socket, watched] of silent) {
      const count = unansweredOf(socket);
      if (count === 0 || count < watched.unanswered.count) watched.unanswered.since = now;
      watched.unanswered.count = count;
      this.#judge(socket, watched, now);
    }
  }

  #judge(socket: Socket, watched: Watched, now: number): void {
    const silenceMs = now - watched.lastByteAt;
    const { count, since } = watched.unanswered;
    const isUnreachable = count > unansweredMax && now - since >= this.#limits.silenceTimeoutMs / 2;
    if (isUnreachable || silenceMs >= this.#timeoutOf(watched)) {
      this.#onClose();
      watched.session?.destroy();
      socket.destroy();
    } else if (watched.session && silenceMs >= this.#limits.pingAfterMs && !watched.isPinged) {
      watched.isPinged = true;
      // The response to the ping counts as received bytes.
      if (!watched.session.destroyed) watched.session.ping(() => {});
    }
  }

  /**
   * Returns how long a connection may be silent. HTTP/1.1 has no pings, so the limit depends on which side must send
   * next.
   */
  #timeoutOf({ session, exchange }: Watched): number {
    if (session) return this.#limits.silenceTimeoutMs;
    if (exchange === undefined) return Infinity;
    const { req, res } = exchange;
    // Received bytes that were not read are the server's task, and so are requests that wait behind others.
    if (!req.complete && req.readableLength === 0 && !req.socket.isPaused()) return this.#limits.silenceTimeoutMs;
    return res.writableNeedDrain ? this.#limits.pausedResponseTimeoutMs : Infinity;
  }
}

/**
 * The maximum number of consecutive unacknowledged packets. A live kernel without buffer space leaves the count at one
 * or two. If the peer has vanished, the count passes this within half a minute.
 */
const unansweredMax = 4;

/** The maximum size of a ping in bytes, also under TLS. A sent ping is not a sign that the peer is alive. */
const pingBytesMax = 256;

/**
 * Updates the counters of a connection. Returns whether no bytes were transferred since the last check. Bytes that wait
 * for space in the socket do not count.
 */
function isSilent({ bytesRead, bytesWritten }: Socket, watched: Watched, now: number): boolean {
  const hasRead = bytesRead !== watched.readBytes;
  const hasWritten = bytesWritten - watched.writtenBytes > (watched.isPinged ? pingBytesMax : 0);
  if (!hasRead && !hasWritten) return true;
  watched.readBytes = bytesRead;
  watched.writtenBytes = bytesWritten;
  watched.lastByteAt = now;
  watched.unanswered = { count: 0, since: now };
  watched.isPinged &&= !hasRead;
  return false;
}
