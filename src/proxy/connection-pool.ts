import type { UniversalClientRequest, UniversalClientResponse } from "@connectrpc/connect/protocol";
import { StreamRefused, type Http2Connection } from "../client-node/index.ts";
import { FlightError } from "../flight/index.ts";
import type { Backoff } from "./backoff.ts";
import { explainFailure } from "./explain-failure.ts";

/** The time limit for opening a connection, in milliseconds. */
const connectTimeoutMs = 10_000;

/**
 * How often a request is retried on another connection, if the server refused it before processing because it closes
 * the connection.
 */
const refusalsMax = 2;

interface PooledConnection {
  readonly connection: Http2Connection;
  /** The number of requests that wait for the connection to open. */
  waitingCount: number;
}

/** A pool of connections to one server. It opens a connection when calls need one, and again after it was lost. */
export class ConnectionPool {
  readonly #open: () => Http2Connection;
  readonly #backoff: Backoff;
  readonly #connections: PooledConnection[] = [];

  /** @param open - creates a connection, which may still be opening */
  constructor(open: () => Http2Connection, backoff: Backoff) {
    this.#open = open;
    this.#backoff = backoff;
  }

  /**
   * Sends a request whose body is a stream. It cannot be retried, because the stream is consumed.
   *
   * @throws FlightError UNAVAILABLE if the server is not reachable
   */
  async stream(request: UniversalClientRequest): Promise<UniversalClientResponse> {
    const pooled = this.#withRoom();
    pooled.waitingCount += 1;
    try {
      await this.#connect(pooled.connection, request.signal);
    } finally {
      pooled.waitingCount -= 1;
    }
    return await pooled.connection.request(request);
  }

  /**
   * Sends a request whose body is one message. It is retried only if the server refuses it before processing.
   *
   * @throws FlightError UNAVAILABLE if the server is not reachable
   */
  async send(request: UniversalClientRequest): Promise<UniversalClientResponse> {
    const body: Uint8Array[] = [];
    for await (const chunk of request.body ?? []) body.push(chunk);
    for (let refusals = 0; ; refusals++) {
      try {
        return await this.stream({ ...request, body: chunksOf(body) });
      } catch (reason) {
        if (!(reason instanceof StreamRefused) || refusals >= refusalsMax) throw reason;
      }
    }
  }

  /**
   * Opens a connection, unless one is open, or the last attempt failed recently.
   *
   * @throws FlightError UNAVAILABLE if the server is not reachable; the signal's reason
   */
  async connect(signal: AbortSignal): Promise<void> {
    await this.#connect(this.#withRoom().connection, signal);
  }

  /** Ends all connections and the calls on them. */
  close(): void {
    for (const { connection } of this.#connections) connection.close();
  }

  async #connect(connection: Http2Connection, signal: AbortSignal | undefined): Promise<void> {
    if (connection.isOpen()) return;
    this.#backoff.assertMayTry();
    const waiting = Promise.withResolvers<never>();
    const late = setTimeout(() => {
      waiting.reject(new FlightError("unavailable", "the upstream server does not respond"));
      connection.close();
    }, connectTimeoutMs);
    const leave = (): void => waiting.reject(signal?.reason as Error);
    signal?.addEventListener("abort", leave, { once: true });
    try {
      signal?.throwIfAborted();
      await Promise.race([connection.connect(), waiting.promise]);
      this.#backoff.succeeded();
    } catch (reason) {
      if (signal?.aborted) throw reason;
      const failure = reason instanceof FlightError ? reason : explainFailure(reason);
      this.#backoff.failed(failure);
      throw failure;
    } finally {
      clearTimeout(late);
      signal?.removeEventListener("abort", leave);
    }
  }

  /** Returns the first connection with room, so that others become idle and are closed after a while. */
  #withRoom(): PooledConnection {
    let pooled = this.#connections.find(({ connection, waitingCount }) => connection.room() > waitingCount);
    if (pooled === undefined) this.#connections.push((pooled = { connection: this.#open(), waitingCount: 0 }));
    return pooled;
  }
}

async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
