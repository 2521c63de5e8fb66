import { startClient, type BenchClient } from "./client.ts";
import { compareServers, type Comparing } from "./compare-servers.ts";
import { measureGrowth } from "./growth.ts";
import { describeMachine } from "./machine.ts";
import { parseOptions, usage, type BenchOptions } from "./options.ts";
import { groupNames, programs } from "./programs.ts";
import { renderFigures, summarizeAims } from "./report.ts";
import { readResults, saveResults, type Results, type RunOf } from "./results.ts";
import { groups, type Row } from "./rows.ts";

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--help")) return print(usage(groupNames));
  const options = parseOptions(args, groupNames);
  let results = options.save ? await readResults() : { groups: {} };
  await using stack = new AsyncDisposableStack();
  const clients = new Map<number, BenchClient>();
  for (const [name, rowNames] of options.only) {
    const rows = programs[name]?.rows ?? options.rows;
    const client = clients.get(rows) ?? stack.use(await startClient(rows));
    clients.set(rows, client);
    const run = describeRun(options, client);
    print(`${name}: ${run.machine}; ${run.rounds} rounds\n`);
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
  const measured = await (programs[name]?.run(comparing) ?? compareServers(rowsOf(name, rowNames), comparing));
  const measurement = "figures" in measured ? measured : { figures: measured };
  print(`\n${renderFigures(measurement.figures)}`);
  return { ...results, groups: { ...results.groups, [name]: { ...run, ...measurement } } };
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
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nusage: ${usage(groupNames)}\n`);
  process.exitCode = 1;
}
