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
  /**
   * The longest that another client waited for the server, in milliseconds: no longer than its main thread was busy, as on a
   * busy machine everybody waits.
   */
  readonly waitMs: number;
}

/** A server in a process of its own, whose memory is read from /proc, and which another client asks all the time. */
export class WatchedServer implements AsyncDisposable {
  readonly server: TestServer;
  readonly #sender: Sender;
  readonly #idleBytes: number;
  #isClosed = false;
  #longestWaitMs = 0;
  #askedAt = performance.now();
  #answered: Promise<void> = Promise.resolve();
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
    const busyMs = busyMsOf(this.server.child.pid);
    const outcome = await this.#sender.send(request);
    // The other client may be waiting still.
    if (performance.now() - this.#askedAt > waitMsMax) await this.#answered;
    const memoryBytes = memoryOf(this.server.child.pid, "VmHWM") - this.#idleBytes;
    return { outcome, memoryBytes, waitMs: Math.min(this.#longestWaitMs, busyMsOf(this.server.child.pid) - busyMs) };
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
      this.#askedAt = performance.now();
      this.#answered = check(this.server.url).catch(() => {});
      await this.#answered;
      this.#longestWaitMs = Math.max(this.#longestWaitMs, performance.now() - this.#askedAt);
      this.#askedAt = Infinity;
      await sleep(20);
    }
  }
}

async function check(url: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/grpc.health.v1.Health/Check`, { method: "POST", headers, body: "{}" });
  await response.arrayBuffer();
}

/** What the main thread has worked since it began, in milliseconds. Source: proc(5), stat, in ticks of 10 ms. */
function busyMsOf(pid: number): number {
  if (!existsSync(`/proc/${pid}`)) return 0;
  const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function memoryOf(pid: number, name: "VmRSS" | "VmHWM"): number {
  if (!existsSync(`/proc/${pid}`)) return 0;
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB`, "m").exec(status)?.[1]) * 1024;
}
