import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { startChild } from "../support/child.ts";
import type { FloodName } from "../support/floods.ts";
import { pauseReaders } from "../support/memory-loads.ts";
import { startHangarWith, type TestServer } from "../support/server.ts";
import { waitUntil, within } from "../support/wait.ts";

const mebi = 1024 * 1024;
const dataset = "numbers";
const program = join(import.meta.dirname, "../support/flood.ts");
const loopWatch = join(import.meta.dirname, "../support/loop-watch.ts");

/** The kernel's unit of CPU time in /proc, in milliseconds. */
const tickMs = 10;

/** Ends a test that hangs. */
const hangMs = 180_000;

/**
 * How long another client may wait for the server, for each of its calls, in milliseconds. A call waits no longer for the
 * server than its main thread works meanwhile: the rest is the machine, whose cores the attacker has too.
 */
const waitMsMax = 1_000;

/** The share of memory that may stay, and what a process takes and gives of its own accord. */
const memory = { ratio: 1.2, ownBytes: 24 * mebi };

let server: TestServer;
/** The most memory that the server may have after a flood. */
let bound: number;

beforeAll(async () => {
  server = await startHangarWith({ NODE_OPTIONS: `--import ${loopWatch}` }, "--log-level", "silent");
  const values = Float64Array.from({ length: (16 * mebi) / 8 }, (_, i) => Math.sin(i));
  const client = connect(server.location);
  await client.put(dataset, tableFromArrays({ n: values }));
  client.close();
  await warmUp();
  bound = memory.ratio * (await residentBytes()) + memory.ownBytes;
});
afterAll(() => server[Symbol.asyncDispose]());

/** The longest time of a call, and the longest that it waited for the server, in milliseconds. */
interface Longest {
  callMs: number;
  waitMs: number;
}

/** The calls of a client that does nothing wrong, on a connection of its own. */
class OtherClient {
  readonly longest: Longest = { callMs: 0, waitMs: 0 };
  readonly #client = connect(server.location);
  readonly #small = tableFromArrays({ n: [1, 2, 3] });

  /** Makes an info, a put and a get. */
  async call(): Promise<void> {
    const calls: (() => Promise<unknown>)[] = [
      () => this.#client.info(dataset),
      () => this.#client.put("small", this.#small),
      () => this.#client.get("small").table(),
    ];
    for (const make of calls) {
      const [start, startCpu] = [performance.now(), readCpuMs()];
      await within("a call of the other client", make(), hangMs);
      const callMs = performance.now() - start;
      this.longest.callMs = Math.max(this.longest.callMs, callMs);
      this.longest.waitMs = Math.max(this.longest.waitMs, Math.min(callMs, readCpuMs() - startCpu));
    }
  }

  close(): void {
    this.#client.close();
  }
}

/** Has readers and another client for a while, so that what is measured has run before. */
async function warmUp(): Promise<void> {
  const callCount = 100;
  await pauseReaders(server.port, dataset, 10);
  const client = new OtherClient();
  for (let i = 0; i < callCount; i++) await client.call();
  client.close();
}

/** The CPU time that the server's main thread has used, in milliseconds. Source: proc(5), stat. */
function readCpuMs(): number {
  const fields = readFileSync(`/proc/${server.child.pid}/task/${server.child.pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return tickMs * (Number(fields[11]) + Number(fields[12]));
}

/** Returns the longest turn of the server's event loop since the last call. */
async function readLongestTurn(): Promise<string> {
  const before = server.child.output().length;
  server.child.kill("SIGUSR2");
  const line = (): string | undefined => /longest turn: .*/.exec(server.child.output().slice(before))?.[0];
  await waitUntil("the server says its longest turn", () => line() !== undefined);
  return line()!;
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
])("%s: other clients are answered, and memory comes back", { timeout: 4 * hangMs }, async (name) => {
  const other = new OtherClient();
  await readLongestTurn();
  await using flood = startChild(process.execPath, [program, name, String(server.port), dataset]);
  const over = new AbortController();
  const ended = flood.exit(hangMs).finally(() => over.abort());
  while (!over.signal.aborted) {
    await other.call();
    await sleep(50);
  }
  expect(await ended, flood.output()).toEqual({ exitCode: 0, signal: null });
  other.close();
  const { callMs, waitMs } = other.longest;
  const turn = await readLongestTurn();
  const figures = `longest call ${callMs.toFixed()} ms, of the server ${waitMs.toFixed()} ms; ${turn}`;
  process.stdout.write(`${name}: ${figures}\n`);
  expect(waitMs).toBeLessThan(waitMsMax);
  const isBack = async (): Promise<boolean> => (await residentBytes()) <= bound;
  // The server collects garbage when it is idle, and looks for that every few seconds.
  await waitUntil("memory is given back", isBack, hangMs);
});
