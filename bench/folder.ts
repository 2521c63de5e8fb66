import { link, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startHangar, type TestServer } from "../test/support/server.ts";
import type { Comparing } from "./compare-servers.ts";
import { median, type Figure } from "./figures.ts";
import { readCpuMs } from "./process.ts";
import { toText } from "./report.ts";

/** The files of the folder, in as many partitions as each has files. */
const partitionCount = 100;
const fileCount = partitionCount ** 2;

/** What the first batch must take at most, in milliseconds, once a server knows the files. */
const firstBatchMsMax = 200;

const folder = "folder";
const command = { dataset: `${folder}/**`, filter: "part = 42" };

/** Measures reads of one partition of a folder of 10,000 files: by a new server, and once it knows the files. */
export async function measureFolder({ client, rounds, report }: Comparing): Promise<Figure[]> {
  await using server = await startHangar("--log-level", "warn");
  const { location, child } = server;
  await client.call("small_puts", location, { location, count: 1, client_count: 1, prefix: "seed" });
  await fillFolder(server);
  const figures: Figure[] = [];
  const add = (title: string, unit: string, value: number, aims: Figure["aims"] = {}): void => {
    report(`${title}: ${toText(value)} ${unit}`);
    figures.push({ title, unit, better: "less", values: { hangar: value }, aims });
  };
  const measure = async (method: string): Promise<{ ms: number; cpuMs: number }> => {
    const before = await readCpuMs(child.pid);
    const seconds = await client.call(method, location, { command });
    return { ms: 1000 * seconds, cpuMs: (await readCpuMs(child.pid)) - before };
  };
  add(`first FlightInfo of ${fileCount} files, whose footers are read`, "ms", (await measure("command_info")).ms);
  const [infos, batches] = [[], []] as [{ ms: number }[], { ms: number; cpuMs: number }[]];
  for (let round = 0; round < rounds; round++) {
    infos.push(await measure("command_info"));
    batches.push(await measure("command_first_batch"));
  }
  add("FlightInfo of one partition again", "ms", median(infos.map(({ ms }) => ms)));
  add("first batch of one partition", "ms", median(batches.map(({ ms }) => ms)), { hangar: firstBatchMsMax });
  add("CPU time of the server for it, with its FlightInfo", "ms", median(batches.map(({ cpuMs }) => cpuMs)));
  return figures;
}

/** Links one dataset under other names, which is quicker than putting each. */
async function fillFolder({ repo }: TestServer): Promise<void> {
  for (let part = 0; part < partitionCount; part++) {
    const partition = join(repo, folder, `part=${part}`);
    await mkdir(partition, { recursive: true });
    for (let i = 0; i < partitionCount; i++) await link(join(repo, "seed-0.parquet"), join(partition, `${i}.parquet`));
  }
}
