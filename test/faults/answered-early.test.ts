import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { discardTimeoutMs } from "../../src/server/http/limits.ts";
import { createFlightServer, type FlightServer } from "../../src/server/index.ts";
import { patienceMs } from "../support/wait.ts";

/** On a busy machine, the rest of a request takes longer to come than a server gives it. */
vi.mock(import("../../src/server/http/limits.ts"), async (importOriginal) => {
  return { ...(await importOriginal()), discardTimeoutMs: 12_000 as never };
});

let server: FlightServer;
let port: number;
beforeAll(async () => {
  const producer = createMemoryProducer();
  server = createFlightServer({ producer, catalog: producer });
  ({ port } = await server.listen({ port: 0 }));
});
afterAll(() => server.close({ drainTimeoutMs: 0 }));

const service = "/arrow.flight.protocol.FlightService";

/** What is sent of a request before its answer is awaited, of how much that its header declares. */
interface EarlyRequest {
  readonly path: string;
  readonly type: string;
  readonly start: Buffer;
  readonly byteLength: number;
}

function early(method: string, start: Buffer): EarlyRequest {
  return { path: `${service}/${method}`, type: "application/grpc-web+proto", start, byteLength: 100_000 };
}

const oversized = Buffer.from([0, 0xff, 0xff, 0xff, 0xff]);
const requests: readonly (readonly [string, EarlyRequest])[] = [
  ["nothing serves", { path: "/nothing", type: "text/plain", start: Buffer.from("a"), byteLength: 100_000 }],
  ["puts something else than Arrow data", early("DoPut", Buffer.alloc(5))],
  ["is over its limit", early("GetFlightInfo", oversized)],
  ["streams to a method that is not there", early("Handshake", oversized)],
];

/** One HTTP/1.1 connection, whose answers are kept as text. */
class Connection implements Disposable {
  readonly #socket: Socket;
  #answer = "";
  isBroken = false;

  constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.setTimeout(patienceMs, () => this.#socket.destroy());
    this.#socket.on("data", (chunk: Buffer) => (this.#answer += chunk.toString("latin1")));
    this.#socket.on("error", () => (this.isBroken = true));
  }

  get isClosed(): boolean {
    return this.#socket.closed;
  }

  post(request: EarlyRequest, connection: "close" | "keep-alive"): void {
    const header = [
      `POST ${request.path} HTTP/1.1`,
      "host: 127.0.0.1",
      `connection: ${connection}`,
      `content-type: ${request.type}`,
      `content-length: ${request.byteLength}`,
    ];
    this.#socket.write(`${header.join("\r\n")}\r\n\r\n`);
    this.#socket.write(request.start);
  }

  /** Sends the rest of a request, in pieces, each when the event loop has gone round. */
  async finish(request: EarlyRequest): Promise<void> {
    for (let left = request.byteLength - request.start.byteLength; left > 0; left -= 10_000) {
      this.#socket.write(Buffer.alloc(Math.min(left, 10_000)));
      await sleep(1);
    }
  }

  /** Waits for an answer, which from then on is passed. */
  async answered(): Promise<string> {
    while (!this.#answer.includes("\r\n\r\n") && !this.isClosed) {
      await Promise.race([once(this.#socket, "data"), once(this.#socket, "close")]);
    }
    const answer = this.#answer;
    this.#answer = "";
    return answer;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

describe.concurrent.each(requests)("an HTTP/1.1 request that %s is answered before it has ended", (_title, request) => {
  test("and its connection carries the next one, and is not taken from it later", async () => {
    using connection = new Connection(port);
    connection.post(request, "keep-alive");
    expect(await connection.answered()).toMatch(/^HTTP\/1\.1 /);
    await connection.finish(request);
    const next = { path: "/hangar.v1.DatasetService/ListDatasets", type: "application/json", byteLength: 2 };
    for (let round = 0; round < 2; round++) {
      connection.post({ ...next, start: Buffer.from("{}") }, "keep-alive");
      // What is left of the earlier answer comes first.
      while (!/HTTP\/1\.1 200 OK[^]*\{\}$/.test(await connection.answered())) expect(connection.isClosed).toBe(false);
      await sleep(round === 0 ? discardTimeoutMs + 500 : 0);
    }
  });

  test("and a client that asked for the connection to be closed may send the rest of it", async () => {
    using connection = new Connection(port);
    connection.post(request, "close");
    expect(await connection.answered()).toMatch(/^HTTP\/1\.1 /);
    await connection.finish(request);
    while (!connection.isClosed) await connection.answered();
    expect(connection.isBroken).toBe(false);
  });
});
