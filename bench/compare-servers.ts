import { startHangar, startRecipe, startStreaming, type TestServer } from "../test/support/server.ts";
import type { BenchClient } from "./client.ts";
import { mediansOf, type Figure } from "./figures.ts";
import { readCpuMs, readPeakMemory, resetPeakMemory } from "./process.ts";
import { toText } from "./report.ts";
import { smallCount, type PeerName, type Row, type Sample } from "./rows.ts";

/** How each server starts, over an empty folder of its own. */
export const starters: Readonly<Record<ServerName, () => Promise<TestServer>>> = {
  hangar: () => startHangar("--log-level", "warn"),
  recipe: startRecipe,
  streaming: startStreaming,
};

/** A server of the comparison. */
export type ServerName = "hangar" | PeerName;

/** What a comparison needs. */
export interface Comparing {
  readonly client: BenchClient;
  readonly rounds: number;
  readonly servers: readonly ServerName[];
  /** Is told of each sample, in one line. */
  readonly report: (line: string) => void;
}

/** Starts the servers, and measures each row in turns: what disturbs the machine for a while disturbs all of them. */
export async function compareServers(rows: Readonly<Record<string, Row>>, run: Comparing): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const servers = new Map<ServerName, TestServer>();
  for (const name of run.servers) servers.set(name, stack.use(await starters[name]()));
  for (const { location, repo } of servers.values()) {
    await run.client.call("prepare", location, { repo, count: smallCount });
  }
  const figures: Figure[] = [];
  for (const row of Object.values(rows)) figures.push(...(await measureRow(row, servers, run)));
  return figures;
}

/** Measures a row with servers of any name, in turns. */
export async function measureRow(
  row: Row,
  allServers: ReadonlyMap<string, TestServer>,
  { client, rounds, report }: Pick<Comparing, "client" | "rounds" | "report">,
): Promise<Figure[]> {
  const servers = new Map([...allServers].filter(([name]) => name !== row.without));
  const samples = new Map<string, Sample[]>([...servers.keys()].map((name) => [name, []]));
  if (row.before)
    for (const { location } of servers.values()) await client.call(row.before.method, location, row.before.options);
  for (let round = 0; round < (row.once ? 1 : rounds); round++) {
    for (const [name, server] of round % 2 === 0 ? servers : [...servers].toReversed()) {
      const sample = await measureOnce(row, server, client);
      if (Number.isNaN(row.figure(sample)))
        throw new Error(`${row.method} of ${row.title} lacks a value of its figure`);
      samples.get(name)?.push(sample);
      report(
        `round ${round + 1}, ${row.title}, ${name}: ${toText(row.figure(sample))} ${row.unit}, CPU ${sample.cpuMs} ms`,
      );
    }
  }
  return toFigures(row, samples);
}

async function measureOnce(row: Row, { child, location }: TestServer, client: BenchClient): Promise<Sample> {
  await resetPeakMemory(child.pid);
  const before = await readCpuMs(child.pid);
  const measured = await client.measure(row.method, location, row.options(location));
  const cpuMs = (await readCpuMs(child.pid)) - before;
  return { ...measured, cpuMs, peakBytes: await readPeakMemory(child.pid) };
}

function toFigures(row: Row, samples: ReadonlyMap<string, readonly Sample[]>): Figure[] {
  const medians = (pick: (sample: Sample) => number): Record<string, number> =>
    mediansOf(new Map([...samples].map(([name, all]) => [name, all.map(pick)])));
  const { title, unit, better, aims = {}, memory } = row;
  const figure: Figure = {
    title,
    unit,
    better,
    aims,
    values: medians(row.figure),
    cpuMs: medians(({ cpuMs }) => cpuMs),
  };
  if (memory === undefined) return [figure];
  const peaks = medians(({ peakBytes }) => peakBytes / 1e6);
  return [figure, { title: memory.title, unit: "MB", better: "less", aims: memory.aims ?? {}, values: peaks }];
}
