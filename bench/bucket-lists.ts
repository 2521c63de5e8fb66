import { link, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startS3Server, type S3Server } from "../test/support/s3-server.ts";
import { startHangar, type TestServer } from "../test/support/server.ts";
import type { BenchClient } from "./client.ts";
import type { Comparing } from "./compare-servers.ts";
import { median, type Figure } from "./figures.ts";
import { readCpuMs, readPeakMemory, resetPeakMemory } from "./process.ts";
import { toText } from "./report.ts";

/** The number of datasets in the bucket. */
const datasetCount = Number(process.env["HANGAR_BENCH_DATASETS"] ?? 10_000);

/** What a list must take at most, in milliseconds, once a server knows the datasets. */
const warmMsMax = 1000;

/** Links of one file. ext4 allows 65,000. */
const linkCountMax = 50_000;

const folderCount = 100;

const prefix = "lists";

/** Measures lists of a large bucket: by the first server that ever lists it, by a new server, and again. */
export async function measureBucketLists({ client, rounds, report }: Comparing): Promise<Figure[]> {
  await using s3 = await startS3Server();
  const place = ["--repo", `s3://${s3.bucket}/${prefix}`, "--s3-endpoint", s3.endpoints[0] ?? ""];
  const figures: Figure[] = [];
  const add = (title: string, unit: string, value: number, aims: Figure["aims"] = {}): void => {
    report(`${title}: ${toText(value)} ${unit}`);
    figures.push({ title, unit, better: "less", values: { hangar: value }, aims });
  };
  {
    await using writer = await startHangar("--log-level", "warn", ...place);
    await fillBucket(s3, writer, client);
  }
  {
    await using first = await startHangar("--log-level", "warn", ...place);
    const { ms, cpuMs } = await list(first, client);
    add(`first list of ${datasetCount} datasets, whose footers are read`, "ms", ms);
    add("CPU time of the server for it", "ms", cpuMs);
    first.child.kill("SIGTERM");
    await first.child.exit(60_000);
  }
  await using second = await startHangar("--log-level", "warn", ...place);
  add("memory of a new server", "MB", (await readPeakMemory(second.child.pid)) / 1e6);
  const cold = await list(second, client);
  add("first list of a new server", "ms", cold.ms);
  add("CPU time of the server for it", "ms", cold.cpuMs);
  const warm = [];
  await resetPeakMemory(second.child.pid);
  for (let round = 0; round < rounds; round++) warm.push(await list(second, client));
  add("list again", "ms", median(warm.map(({ ms }) => ms)), { hangar: warmMsMax });
  add("CPU time of the server for it", "ms", median(warm.map(({ cpuMs }) => cpuMs)));
  add("memory of the server meanwhile", "MB", (await readPeakMemory(second.child.pid)) / 1e6);
  return figures;
}

/** Puts a few datasets, and links their objects under other names, which is quicker than putting each. */
async function fillBucket({ folder, bucket }: S3Server, server: TestServer, client: BenchClient): Promise<void> {
  const seedCount = Math.ceil(datasetCount / linkCountMax);
  const { location } = server;
  await client.call("small_puts", location, { location, count: seedCount, client_count: 1, prefix: "seed" });
  const at = (name: string): string => join(folder, bucket, prefix, name);
  // For each page of a listing, the gateway reads a whole folder.
  for (let i = 0; i < folderCount; i++) await mkdir(at(`small-${i}`));
  for (let i = 0; i < datasetCount; i++) {
    await link(at(`seed-${i % seedCount}.parquet`), at(`small-${i % folderCount}/${i}.parquet`));
  }
}

async function list({ child, location }: TestServer, client: BenchClient): Promise<{ ms: number; cpuMs: number }> {
  const before = await readCpuMs(child.pid);
  const seconds = await client.call("list", location, { count: datasetCount });
  return { ms: 1000 * seconds, cpuMs: (await readCpuMs(child.pid)) - before };
}
