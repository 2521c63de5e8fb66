import { measureAuth } from "./auth.ts";
import { measureInBrowser } from "./browser/main.ts";
import { measureBucket } from "./bucket.ts";
import { startClient, type BenchClient } from "./client.ts";
import { measureCommandLine } from "./command-line.ts";
import { compareServers, type Comparing } from "./compare-servers.ts";
import type { Figure } from "./figures.ts";
import { measureFiles } from "./files.ts";
import { measureGrpcWeb } from "./grpc-web.ts";
import { measureGrowth } from "./growth.ts";
import { describeMachine } from "./machine.ts";
import { parseOptions, usage, type BenchOptions } from "./options.ts";
import { measureProxy } from "./proxy.ts";
import { renderFigures, summarizeAims } from "./report.ts";
import { readResults, saveResults, type Results, type RunOf } from "./results.ts";
import { groups, type Row } from "./rows.ts";
import { measureStart } from "./start.ts";

/** A group of figures that is measured in its own way. */
interface Program {
  /** Rows of the usual table; as many as `--rows` by default. */
  readonly rows?: number;
  run(run: Comparing): Promise<Figure[]>;
}

const programs: Readonly<Record<string, Program>> = {
  start: { run: measureStart },
  cli: { run: measureCommandLine },
  files: { rows: 1000, run: measureFiles },
  auth: { rows: 1000, run: measureAuth },
  proxy: { rows: 2_000_000, run: measureProxy },
  "grpc-web": { rows: 2_000_000, run: measureGrpcWeb },
  bucket: { rows: 2_000_000, run: measureBucket },
  // A page holds the table more than once.
  browser: { rows: 1_500_000, run: measureInBrowser },
};

/** They take long, and gigabytes of memory and of the disk. */
const onRequest = ["memory", "growth"];

const usualNames = [...Object.keys(groups).filter((name) => !onRequest.includes(name)), ...Object.keys(programs)];
const names = { byDefault: usualNames, all: [...usualNames, ...onRequest] };

async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, names);
  let results = options.save ? await readResults() : { groups: {} };
  await using stack = new AsyncDisposableStack();
  const clients = new Map<number, BenchClient>();
  for (const [name, rowNames] of options.only) {
    const rows = programs[name]?.rows ?? options.rows;
    const client = clients.get(rows) ?? stack.use(await startClient(rows));
    clients.set(rows, client);
    const run = describeRun(options, client);
    if (clients.size === 1 && options.only.keys().next().value === name)
      print(`${run.machine}; ${run.rounds} rounds\n`);
    const comparing = { client, rounds: options.rounds, servers: options.servers, report: print };
    results = await measureGroup(name, rowNames, { run, comparing, results });
    if (options.save) await saveResults(results);
  }
  print(summarizeAims(Object.values(results.groups).flatMap(({ figures }) => figures)));
}

interface Measuring {
  readonly run: RunOf;
  readonly comparing: Comparing;
  readonly results: Results;
}

/** Measures a group, prints it, and returns the results with it. */
async function measureGroup(name: string, rowNames: readonly string[], measuring: Measuring): Promise<Results> {
  const { run, comparing, results } = measuring;
  if (name === "growth") return { ...results, growth: { ...run, topics: await measureGrowth(comparing) } };
  const figures = await (programs[name]?.run(comparing) ?? compareServers(rowsOf(name, rowNames), comparing));
  print(`\n${renderFigures(figures)}`);
  return { ...results, groups: { ...results.groups, [name]: { ...run, figures } } };
}

function rowsOf(group: string, rowNames: readonly string[]): Record<string, Row> {
  const rows: Record<string, Row> = groups[group as keyof typeof groups];
  const unknown = rowNames.find((name) => !(name in rows));
  if (unknown !== undefined)
    throw new Error(`--only takes ${Object.keys(rows).join(", ")} of ${group}, not ${unknown}`);
  return rowNames.length === 0
    ? rows
    : Object.fromEntries(Object.entries(rows).filter(([name]) => rowNames.includes(name)));
}

function describeRun({ rounds }: BenchOptions, { pyarrowVersion }: BenchClient): RunOf {
  return { date: new Date().toISOString().slice(0, 10), machine: describeMachine(pyarrowVersion), rounds };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nusage: ${usage(names)}\n`);
  process.exitCode = 1;
}
