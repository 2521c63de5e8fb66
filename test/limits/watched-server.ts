import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { startHangar, type TestServer } from "../support/server.ts";
import type { HostileRequest } from "./hostile-request.ts";
import { Sender, type Outcome } from "./sender.ts";

/** What a request may take of memory above the idle server, in bytes. */
export const memoryBytesMax = 400 * 1000 * 1000;

/** How long another client may wait, in milliseconds. */
export const waitMsMax = 1_000;

/** What a request did to the server. */
export interface Observation {
  readonly outcome: Outcome;
  /** The most memory that the server had meanwhile, above what it had when idle, in bytes. */
  readonly memoryBytes: number;
  /** The longest that another client waited, in milliseconds. */
  readonly waitMs: number;
}

/** A server in a process of its own, whose memory is read from /proc, and which another client asks all the time. */
export class WatchedServer implements AsyncDisposable {
  readonly server: TestServer;
  readonly #sender: Sender;
  readonly #idleBytes: number;
  #isClosed = false;
  #longestWaitMs = 0;
  readonly #asking: Promise<void>;

  private constructor(server: TestServer, idleBytes: number) {
    this.server = server;
    this.#sender = new Sender(server.port);
    this.#idleBytes = idleBytes;
    this.#asking = this.#ask();
  }

  static async start(): Promise<WatchedServer> {
    const server = await startHangar();
    await check(server.url);
    return new WatchedServer(server, memoryOf(server.child.pid, "VmRSS"));
  }

  get isRunning(): boolean {
    return existsSync(`/proc/${this.server.child.pid}`);
  }

  async observe(request: HostileRequest): Promise<Observation> {
    this.#longestWaitMs = 0;
    // Resets the peak. Source: proc(5), clear_refs.
    writeFileSync(`/proc/${this.server.child.pid}/clear_refs`, "5");
    const outcome = await this.#sender.send(request);
    const memoryBytes = memoryOf(this.server.child.pid, "VmHWM") - this.#idleBytes;
    return { outcome, memoryBytes, waitMs: this.#longestWaitMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#asking;
    this.#sender[Symbol.dispose]();
    await this.server[Symbol.asyncDispose]();
  }

  /** The other client. */
  async #ask(): Promise<void> {
    while (!this.#isClosed) {
      const since = performance.now();
      await check(this.server.url).catch(() => {});
      this.#longestWaitMs = Math.max(this.#longestWaitMs, performance.now() - since);
      await sleep(20);
    }
  }
}

async function check(url: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/grpc.health.v1.Health/Check`, { method: "POST", headers, body: "{}" });
  await response.arrayBuffer();
}

function memoryOf(pid: number, name: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB`, "m").exec(status)?.[1]) * 1024;
}
