import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { tableFromArrays, type Table } from "apache-arrow";
import { connect } from "../../src/client-node/index.ts";
import { FlightError } from "../../src/flight/index.ts";
import { Random } from "../limits/random.ts";
import type { S3Server } from "../support/s3-server.ts";
import { startHangar, type TestServer } from "../support/server.ts";

/** How much is put, and how often something is killed meanwhile. */
export interface BucketLoad {
  readonly serverCount: number;
  readonly clientCount: number;
  readonly putsPerClient: number;
  /** The largest dataset, in bytes; the smallest has 0.1 MB. */
  readonly byteLengthMax: number;
  /** The pause between two kills, in milliseconds. Every fourth one is of the second gateway. */
  readonly killIntervalMs: number;
}

/** What has happened, and what was wrong. */
export interface BucketLoadResult {
  /** The digests of acknowledged datasets by their names. */
  readonly acknowledged: ReadonlyMap<string, string>;
  /** The bytes in Arrow of these datasets. */
  readonly byteLength: number;
  readonly retryCount: number;
  readonly killCount: number;
  /** Acknowledged datasets that another server gave differently, or not at all. */
  readonly wrong: string[];
}

const byteLengthMin = 100_000;

/** Servers over a bucket that are killed and started again. */
class Servers {
  readonly #start: (i: number) => Promise<TestServer>;
  readonly all: TestServer[] = [];

  constructor(start: (i: number) => Promise<TestServer>) {
    this.#start = start;
  }

  async start(count: number): Promise<void> {
    this.all.push(...(await Promise.all(Array.from({ length: count }, (_, i) => this.#start(i)))));
  }

  async restart(i: number): Promise<void> {
    const server = this.all[i]!;
    server.child.kill("SIGKILL");
    await server.child.exit();
    await server[Symbol.asyncDispose]();
    this.all[i] = await this.#start(i);
  }
}

/** Puts datasets with several clients over several servers, while servers and a gateway are killed. Reads each back. */
export async function runBucketLoad(s3: S3Server, url: string, load: BucketLoad): Promise<BucketLoadResult> {
  const endpointOf = (i: number): string => s3.endpoints[i % s3.endpoints.length]!;
  const servers = new Servers((i) =>
    startHangar("--repo", url, "--s3-endpoint", endpointOf(i), "--log-level", "error"),
  );
  await servers.start(load.serverCount);
  const result = {
    acknowledged: new Map<string, string>(),
    byteLength: 0,
    retryCount: 0,
    killCount: 0,
    wrong: [] as string[],
  };
  const isDone = { now: false };
  const killing = killOften(s3, servers, load, () => (isDone.now ? "done" : result.acknowledged.size)).then(
    (count) => (result.killCount = count),
  );
  try {
    await Promise.all(Array.from({ length: load.clientCount }, (_, i) => runClient(i, servers, load, result)));
  } finally {
    isDone.now = true;
    await killing;
  }
  for (const [i, [name, digest]] of [...result.acknowledged].entries()) {
    const found = await readDigest(servers.all[i % load.serverCount]!, name).catch(String);
    if (found !== digest) result.wrong.push(`${name} at the end: ${found}`);
  }
  for (const server of servers.all) await server[Symbol.asyncDispose]();
  return result;
}

/**
 * Kills a server or a gateway again and again.
 *
 * @param progress - how many puts have been acknowledged, until all are
 * @returns how often it has killed
 */
async function killOften(
  s3: S3Server,
  servers: Servers,
  load: BucketLoad,
  progress: () => number | "done",
): Promise<number> {
  for (let count = 0; ; count++) {
    const before = progress();
    await sleep(load.killIntervalMs);
    // On a busy machine a put takes longer than that: if none ended between two kills, none would ever end.
    const isStuck = (): boolean => count > 0 && before !== "done" && progress() === before;
    while (isStuck()) await sleep(20);
    if (progress() === "done") return count;
    if (count % 4 === 3) await s3.restart(1);
    else await servers.restart(count % load.serverCount);
  }
}

async function runClient(
  client: number,
  servers: Servers,
  load: BucketLoad,
  result: { acknowledged: Map<string, string>; byteLength: number; retryCount: number; wrong: string[] },
): Promise<void> {
  const random = new Random(client + 1);
  for (let i = 0; i < load.putsPerClient; i++) {
    // As many small ones as large ones, by magnitude.
    const byteLength = byteLengthMin * (load.byteLengthMax / byteLengthMin) ** random.next();
    const name = `client-${client}/put-${i}`;
    const table = createTable(random, byteLength);
    for (
      let attempt = 0;
      !(await putOnce(servers.all[(client + i + attempt) % load.serverCount]!, name, table));
      attempt++
    ) {
      result.retryCount += 1;
      await sleep(100);
    }
    const digest = digestOf(table);
    result.acknowledged.set(name, digest);
    result.byteLength += Math.round(byteLength);
    // The reader may be killed, too.
    for (let attempt = 1; ; attempt++) {
      const found = await readDigest(servers.all[(client + i + attempt) % load.serverCount]!, name).catch(codeOf);
      if (found === "unavailable") await sleep(100);
      else if (found !== digest) result.wrong.push(`${name}: ${found}`);
      if (found !== "unavailable") break;
    }
  }
}

/** Returns whether a put was acknowledged. A create that exists was acknowledged by an attempt whose answer was lost. */
async function putOnce(server: TestServer, name: string, table: Table): Promise<boolean> {
  const client = connect(server.location);
  try {
    await client.put(name, table, { mode: "create" });
    return true;
  } catch (reason) {
    const code = codeOf(reason);
    if (code === "already_exists") return true;
    if (code !== "unavailable") throw reason;
    return false;
  } finally {
    client.close();
  }
}

async function readDigest(server: TestServer, name: string): Promise<string> {
  const client = connect(server.location);
  try {
    return digestOf(await client.get(name).table());
  } finally {
    client.close();
  }
}

function codeOf(reason: unknown): string {
  return reason instanceof FlightError ? reason.code : String(reason);
}

function createTable(random: Random, byteLength: number): Table {
  const n = Int32Array.from({ length: byteLength / 4 }, () => (random.next() * 2 ** 32) | 0);
  return tableFromArrays({ n });
}

function digestOf(table: Table): string {
  const hash = createHash("sha256");
  for (const { data } of table.getChild("n")!.data.map((data) => ({ data: data.values as Int32Array }))) {
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
