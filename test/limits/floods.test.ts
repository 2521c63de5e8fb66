import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { startChild } from "../support/child.ts";
import type { FloodName } from "../support/floods.ts";
import { pauseReaders } from "../support/memory-loads.ts";
import { startHangar, type TestServer } from "../support/server.ts";
import { waitUntil, within } from "../support/wait.ts";

const mebi = 1024 * 1024;
const dataset = "numbers";
const program = join(import.meta.dirname, "../support/flood.ts");

/** Ends a test that hangs. A call of the other client that takes so long fails it, however busy the machine is. */
const hangMs = 15_000;

/** The delay that a flood may add to the calls of another client: to half of them, in milliseconds. Single ones are up to the machine. */
const addedMsMax = 1_000;

/** The share of memory that may stay, and what a process takes and gives of its own accord. */
const memory = { ratio: 1.2, ownBytes: 24 * mebi };

/** The server under attack, and its twin that has the same other client, on the same machine, but no attacker. */
let server: TestServer;
let twin: TestServer;
/** The most memory that the server may have after a flood. */
let bound: number;

beforeAll(async () => {
  [server, twin] = await Promise.all([startHangar("--log-level", "warn"), startHangar("--log-level", "warn")]);
  const values = Float64Array.from({ length: (16 * mebi) / 8 }, (_, i) => Math.sin(i));
  for (const { location } of [server, twin]) {
    const client = connect(location);
    await client.put(dataset, tableFromArrays({ n: values }));
    client.close();
  }
  await warmUp();
  bound = memory.ratio * (await residentBytes()) + memory.ownBytes;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await twin[Symbol.asyncDispose]();
});

/** The calls of a client that does nothing wrong, on a connection of its own. */
class OtherClient {
  readonly #client;
  readonly #small = tableFromArrays({ n: [1, 2, 3] });

  constructor({ location }: TestServer) {
    this.#client = connect(location);
  }

  /** Makes an info, a put and a get, and returns the time of the slowest, in milliseconds. */
  async call(): Promise<number> {
    const times: number[] = [];
    const calls: (() => Promise<unknown>)[] = [
      () => this.#client.info(dataset),
      () => this.#client.put("small", this.#small),
      () => this.#client.get("small").table(),
    ];
    for (const make of calls) {
      const start = performance.now();
      await within("a call of the other client", make(), hangMs);
      times.push(performance.now() - start);
    }
    return Math.max(...times);
  }

  close(): void {
    this.#client.close();
  }
}

/** Has readers and other clients for a while, so that what is measured has run before. */
async function warmUp(): Promise<void> {
  const callCount = 100;
  await pauseReaders(server.port, dataset, 10);
  const clients = [new OtherClient(server), new OtherClient(twin)];
  for (let i = 0; i < callCount; i++) await Promise.all(clients.map((client) => client.call()));
  for (const client of clients) client.close();
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

async function residentBytes(): Promise<number> {
  const status = await readFile(`/proc/${server.child.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
}

test.each<FloodName>([
  "rapid reset",
  "CONTINUATION frames",
  "pings",
  "settings",
  "5,000 idle connections",
  "5,000 connections that never send a preface",
  "5,000 connections that send their header slowly",
  "200 readers that never read",
  "100 puts of one byte a second",
])("%s: other clients are answered, and memory comes back", { timeout: 120_000 }, async (name) => {
  const [other, unharmed] = [new OtherClient(server), new OtherClient(twin)];
  await using flood = startChild(process.execPath, [program, name, String(server.port), dataset]);
  const over = new AbortController();
  const ended = flood.exit(60_000).finally(() => over.abort());
  // What disturbs the machine disturbs both; the difference is what the flood does.
  const addedMs: number[] = [];
  while (!over.signal.aborted) {
    const [attacked, calm] = await Promise.all([other.call(), unharmed.call()]);
    addedMs.push(attacked - calm);
    await sleep(50);
  }
  expect(await ended, flood.output()).toEqual({ exitCode: 0, signal: null });
  other.close();
  unharmed.close();
  expect(median(addedMs)).toBeLessThan(addedMsMax);
  const isBack = async (): Promise<boolean> => (await residentBytes()) <= bound;
  // The server collects garbage when it is idle, and looks for that every few seconds.
  await waitUntil("memory is given back", isBack);
});
