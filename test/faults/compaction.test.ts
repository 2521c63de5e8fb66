import { execFile } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { tableFromArrays } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { connect } from "../../src/client-node/index.ts";
import type { DatasetClient } from "../../src/client/index.ts";
import { useBuckets } from "../support/buckets.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { startHangarWith, type TestServer } from "../support/server.ts";
import { s3Environment } from "../support/s3-server.ts";

/** Appends, reads and compactions of one folder at the same time, and a server that is killed in the middle. */

const [clientCount, rowCount, compactionCount] = [16, 50, 2];
const buckets = useBuckets();

interface Place {
  readonly flags: readonly string[];
  /** The rows, distinct numbers and a digest of all values, as DuckDB reads them; undefined if it cannot read the place. */
  readonly queried: ((folder: string) => Promise<string>) | undefined;
  close(): Promise<void>;
}

async function inFolder(): Promise<Place> {
  const folder = await createTemporaryFolder();
  return {
    flags: ["--repo", folder.path],
    async queried(name) {
      const program = `import duckdb, sys
print(duckdb.sql(f"select count(*), count(distinct n), sum(hash(n, word)) from '{sys.argv[1]}/*.parquet'").fetchall())`;
      const args = ["-c", program, `${folder.path}/${name}`];
      return (await promisify(execFile)(await ensurePython(), args)).stdout.trim();
    },
    close: async () => await folder[Symbol.asyncDispose](),
  };
}

async function inBucket(): Promise<Place> {
  const { url, endpoint } = buckets.createPlace()();
  const flags = ["--repo", url, "--s3-endpoint", endpoint, "--s3-list-within", "0"];
  return { flags, queried: undefined, close: async () => {} };
}

/** Compacts a number of times. */
async function compactAgainAndAgain(client: DatasetClient): Promise<void> {
  for (let count = 0; count < compactionCount; await setTimeout(20)) count += (await client.compact("log")).length;
}

const rowsFrom = (first: number) =>
  tableFromArrays({
    n: Int32Array.from({ length: rowCount }, (_, i) => first + i),
    word: Array.from({ length: rowCount }, (_, i) => `word ${(first + i) % 13}`),
  });

/** The pause of a client between two appends, in milliseconds: a folder of too many files is slow to read again and again. */
const pauseMs = 300;

/** How many appends have begun, and how many have ended. */
interface Appends {
  begun: number;
  ended: number;
}

async function appendUntil(server: Pick<TestServer, "url">, appends: Appends, signal: AbortSignal): Promise<void> {
  const append = async (): Promise<void> => {
    const own = connect(server.url);
    while (!signal.aborted) {
      await own.append("log", rowsFrom(appends.begun++ * rowCount));
      appends.ended += 1;
      await setTimeout(pauseMs);
    }
    own.close();
  };
  await Promise.all(Array.from({ length: clientCount }, append));
}

/** Reads the folder. Throws if a row is there twice, or if only a part of an append is. Returns the number of appends. */
async function countAppends(client: DatasetClient): Promise<number> {
  const table = await client.get("log/*").table();
  const numbers = new Set(table.getChild("n")?.toArray() as Int32Array);
  expect(table.numRows).toBe(numbers.size);
  expect(table.numRows % rowCount).toBe(0);
  return table.numRows / rowCount;
}

describe.each([
  ["a folder", inFolder],
  ["a bucket", inBucket],
])("over %s", (_, open) => {
  test("each read has every stored row once while files are appended and joined, also after the server was killed", async ({
    signal,
  }) => {
    const place = await open();
    let server = await startHangarWith(s3Environment, ...place.flags);
    const [compacting, reading] = [connect(server.url), connect(server.url)];
    const stop = new AbortController();
    await reading.append("log", rowsFrom(0));
    const appends: Appends = { begun: 1, ended: 1 };
    const compacted = compactAgainAndAgain(compacting).finally(() => stop.abort());
    const appended = appendUntil(server, appends, AbortSignal.any([signal, stop.signal]));
    do {
      const { ended } = appends;
      const count = await countAppends(reading);
      expect(count).toBeGreaterThanOrEqual(ended);
      expect(count).toBeLessThanOrEqual(appends.begun);
    } while (!stop.signal.aborted);
    await Promise.all([compacted, appended]);
    const all = appends.ended;
    expect(await countAppends(reading)).toBe(all);

    // The server is killed while a compaction runs: before or after its commit, or while it drops the old files.
    for (let i = 0; i < 3; i++) await reading.append("log", rowsFrom((all + i) * rowCount));
    const killed = compacting.compact("log").then(
      () => "done",
      () => "killed",
    );
    await setTimeout(Math.random() * 3000);
    server.child.kill("SIGKILL");
    await killed;
    for (const client of [compacting, reading]) client.close();
    await server[Symbol.asyncDispose]();
    server = await startHangarWith(s3Environment, ...place.flags);
    const after = connect(server.url);
    expect(await countAppends(after)).toBe(all + 3);
    await after.compact("log");
    expect(await countAppends(after)).toBe(all + 3);
    after.close();
    await server[Symbol.asyncDispose]();
    await place.close();
  }, 600_000);

  test("another program reads the same values afterwards", async () => {
    const place = await open();
    const server = await startHangarWith(s3Environment, ...place.flags);
    const client = connect(server.url);
    for (let i = 0; i < 5; i++) await client.append("log", rowsFrom(i * rowCount));
    const values = async (): Promise<string> =>
      (await place.queried?.(`log`)) ?? String((await client.get("log/*").table()).toArray().map(String).toSorted());
    const before = await values();
    expect(await client.compact("log")).toHaveLength(1);
    expect(await values()).toBe(before);
    client.close();
    await server[Symbol.asyncDispose]();
    await place.close();
  });
});
