import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createTemporaryFolder } from "../test/support/folder.ts";
import { starters, type Comparing, type ServerName } from "./compare-servers.ts";
import { mediansOf, type Figure } from "./figures.ts";
import { readCpuMs } from "./process.ts";
import { smallCount } from "./rows.ts";

interface Start {
  readonly answerMs: number;
  readonly listMs: number;
  /** CPU time from the start of the process to the end of the first list. */
  readonly cpuMs: number;
}

/** Starts each server in turns, and measures the time to its first answer and its first list. */
export async function measureStart({ client, rounds, servers, report }: Comparing): Promise<Figure[]> {
  await using folder = await createTemporaryFolder();
  // Written once, because its time is not part of a start.
  await client.call("prepare", "grpc://127.0.0.1:1", { repo: folder.path, count: 1 });
  const starts = new Map<ServerName, Start[]>(servers.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? servers : servers.toReversed()) {
      const start = await startOnce(name, client, join(folder.path, "small-0.parquet"));
      starts.get(name)?.push(start);
      report(
        `round ${round + 1}, start of ${name}: ${start.answerMs.toFixed(0)} ms, list ${start.listMs.toFixed(0)} ms, CPU ${start.cpuMs} ms`,
      );
    }
  }
  const medians = (pick: (start: Start) => number): Record<string, number> =>
    mediansOf(new Map([...starts].map(([name, all]) => [name, all.map(pick)])));
  const row = { unit: "ms", better: "less" } as const;
  return [
    { ...row, title: "start of the process to its first answer", values: medians(({ answerMs }) => answerMs) },
    {
      ...row,
      title: `first list of ${smallCount} after the start`,
      values: medians(({ listMs }) => listMs),
      cpuMs: medians(({ cpuMs }) => cpuMs),
      aims: { recipe: 1 },
    },
  ];
}

async function startOnce(name: ServerName, client: Comparing["client"], file: string): Promise<Start> {
  const begin = performance.now();
  await using server = await starters[name]();
  const startedMs = performance.now() - begin;
  await copyFile(file, join(server.repo, "small-0.parquet"));
  const infoSeconds = await client.call("same_info", server.location, { name: "small-0.parquet", count: 1 });
  await client.call("prepare", server.location, { repo: server.repo, count: smallCount });
  const listSeconds = await client.call("list", server.location, { count: smallCount });
  const cpuMs = await readCpuMs(server.child.pid);
  return { answerMs: startedMs + infoSeconds * 1000, listMs: listSeconds * 1000, cpuMs };
}
