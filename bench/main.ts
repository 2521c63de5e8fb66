import { cpus, totalmem } from "node:os";
import { startHangar, startRecipe, type TestServer } from "../test/support/server.ts";
import { measureAuth } from "./auth.ts";
import { measureInBrowser } from "./browser/main.ts";
import { measureFiles } from "./files/main.ts";
import { startClient, type BenchClient } from "./client.ts";
import { readPeakMemory, resetPeakMemory } from "./memory.ts";
import { measureGrpcWeb } from "./grpc-web.ts";
import { measureCommandLine } from "./command-line.ts";
import { parseOptions, usage, type BenchOptions, type ServerName } from "./options.ts";
import { phases, type Phase, type PhaseName, type Sizes } from "./phases.ts";
import { measureProxy } from "./proxy.ts";
import { toTable, type Sample } from "./report.ts";

/** The file of `--only files`. */
const fileMegabytes = 512;

const starters = { recipe: () => startRecipe(), hangar: () => startHangar("--log-level", "warn") };

async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  if (options.program === "files") return print(await measureFiles(fileMegabytes, options.rounds));
  await using client = await startClient(options.rows);
  if (options.program === "auth") return print(await measureAuth(client, options.rounds));
  if (options.program === "browser") return print(await measureInBrowser(client, options.rounds));
  if (options.program === "cli") return print(await measureCommandLine(client, options.rounds));
  if (options.program === "grpc-web") return print(await measureGrpcWeb(client, options.rounds));
  if (options.program === "proxy") return print(await measureProxy(client, options.rounds));
  await using stack = new AsyncDisposableStack();
  const servers = new Map<ServerName, TestServer>();
  for (const name of options.servers) servers.set(name, stack.use(await starters[name]()));
  const sizes = { byteLength: client.byteLength, datasetCount: options.datasets, readerCount: 4 };
  print(describeRun(options, sizes));
  const samples = await measure({ client, servers, options, sizes });
  print(`\n${toTable(samples, sizes)}`);
}

interface Setting {
  readonly client: BenchClient;
  readonly servers: ReadonlyMap<ServerName, TestServer>;
  readonly options: BenchOptions;
  readonly sizes: Sizes;
}

/** Round by round, phase by phase, server by server: what disturbs the machine for a while disturbs both. */
async function measure({ client, servers, options, sizes }: Setting): Promise<Sample[]> {
  const chosen: [PhaseName, Phase][] = options.only.map((name) => [name, phases[name]]);
  const puts = options.only.includes("put") || options.only.includes("put_single");
  for (const { location, repo } of servers.values()) {
    await client.call("prepare", location, { repo, count: sizes.datasetCount });
    if (!puts && chosen.some(([, phase]) => phase.needsPut)) await client.call("put", location, {});
  }
  const samples: Sample[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const order = round % 2 === 0 ? [...servers] : [...servers].reverse();
    for (const [name, phase] of chosen.filter(([, { once }]) => round === 0 || once !== true)) {
      for (const [server, { location, child }] of order) {
        if (phase.hangarOnly === true && server !== "hangar") continue;
        await resetPeakMemory(child.pid);
        const seconds = await client.call(phase.method ?? name, location, phase.options(sizes, location));
        const peakBytes = await readPeakMemory(child.pid);
        samples.push({ phase: name, server, seconds, peakBytes });
        print(`round ${round + 1}, ${name}, ${server}: ${describeSample(phase, seconds, peakBytes, sizes)}`);
      }
    }
  }
  return samples;
}

function describeSample(phase: Phase, seconds: number, peakBytes: number, sizes: Sizes): string {
  const peak = phase.memory ? `, peak memory ${(peakBytes / 1e6).toFixed(0)} MB` : "";
  return `${phase.figure(seconds, sizes).toFixed(1)} ${phase.unit}${peak}`;
}

function describeRun(options: BenchOptions, sizes: Sizes): string {
  const table = `${options.rows} rows, 10 columns, ${(sizes.byteLength / 1e6).toFixed(0)} MB in Arrow`;
  const machine = `${cpus().length} cores, ${(totalmem() / 1e9).toFixed(0)} GB, Node ${process.version}`;
  return `${table}; ${options.datasets} small datasets; medians of ${options.rounds} rounds; client and servers on one machine of ${machine}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nusage: ${usage}\n`);
  process.exitCode = 1;
}
