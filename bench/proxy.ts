import { ensurePrograms } from "../scripts/apt.ts";
import { startNginx } from "../test/support/nginx.ts";
import { startProxy, startPyarrowMemory } from "../test/support/server.ts";
import type { BenchClient } from "./client.ts";
import { readCpuSeconds } from "./cpu-time.ts";
import { readPeakMemory, resetPeakMemory } from "./memory.ts";
import { median } from "./report.ts";

interface ProxyPhase {
  readonly title: string;
  readonly unit: string;
  /** Method of client.py. */
  readonly method: string;
  readonly options: (location: string) => Record<string, unknown>;
  /** The figure of one run. */
  readonly figure: (seconds: number, byteLength: number) => number;
  /** The number of units of work of one run, for the processor time of each. */
  readonly work: (byteLength: number) => number;
  /** Whether only Hangar is measured. */
  readonly hangarOnly?: boolean;
}

const callCount = 1000;
const slowReaderCount = 50;
const megabyte = 1e6;
/** What the slow readers get, of which each reads half: more than is on its way at any time. */
const slow = { name: "slow", byte_length: 64 * megabyte };

const throughput = (seconds: number, byteLength: number): number => byteLength / megabyte / seconds;
const toMegabytes = (byteLength: number): number => byteLength / megabyte;
const transfer = { unit: "MB/s", options: () => ({}), figure: throughput, work: toMegabytes };

const phases: readonly ProxyPhase[] = [
  { ...transfer, title: "put in batches of 64 Ki rows", method: "put" },
  { ...transfer, title: "get in batches of 64 Ki rows", method: "get" },
  {
    ...transfer,
    title: "four readers at once, together",
    method: "readers",
    options: (location) => ({ location, count: 4 }),
    figure: (seconds, byteLength) => 4 * throughput(seconds, byteLength),
    work: (byteLength) => 4 * toMegabytes(byteLength),
  },
  { ...transfer, title: "put as one single batch", method: "put_single" },
  { ...transfer, title: "get as one single batch", method: "get" },
  {
    title: "one small unary call",
    unit: "ms",
    method: "same_info",
    options: () => ({ count: callCount }),
    figure: (seconds) => (seconds * 1000) / callCount,
    work: () => callCount,
  },
  {
    title: `${slowReaderCount} readers that stop half-way`,
    unit: "s",
    method: "paused_readers",
    options: (location) => ({ location, ...slow, count: slowReaderCount }),
    figure: (seconds) => seconds,
    work: () => (slowReaderCount * toMegabytes(slow.byte_length)) / 2,
    // nginx reads from its upstream ahead of a reader that has stopped, into files.
    hangarOnly: true,
  },
];

/** A way to the upstream. */
interface Way {
  readonly name: "direct" | "nginx" | "hangar";
  readonly location: string;
  readonly pid: number;
}

/** The median figures of a phase by one way. */
interface Figures {
  /** In the unit of the phase. */
  readonly figure: number;
  /** Processor time of the process, in milliseconds for each unit of work. */
  readonly cpuMs: number;
  readonly peakMegabytes: number;
}

const head = [
  "| | direct | nginx | hangar | hangar / nginx | CPU time of nginx | CPU time of hangar | peak memory of hangar (MB) |",
  "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
];

/**
 * Measures pyarrow's own server, which keeps its tables in memory, beside the same server behind nginx's `grpc_pass` and
 * behind Hangar. CPU times are in ms per MB, or per call.
 */
export async function measureProxy(client: BenchClient, rounds: number): Promise<string> {
  await ensurePrograms(["nginx", "openssl"]);
  await using upstream = await startPyarrowMemory();
  await using nginx = await startNginx([upstream.location], { directives: "client_max_body_size 0;" });
  await using hangar = await startProxy(upstream, "--log-level", "warn");
  const [nginxUrl = ""] = nginx.http;
  const ways: Way[] = [
    { name: "direct", location: upstream.location, pid: upstream.child.pid },
    { name: "nginx", location: nginxUrl.replace("http:", "grpc:"), pid: nginx.child.pid },
    { name: "hangar", location: hangar.location, pid: hangar.child.pid },
  ];
  await client.call("put_stream", upstream.location, slow);
  const rows: string[] = [];
  for (const phase of phases) {
    rows.push(...toRows(phase, await measure(client, phase, { ways, rounds })));
    process.stdout.write(`${rows.at(-1)}\n`);
  }
  return `\n${[...head, ...rows].join("\n")}\n`;
}

/** Round by round, in turns: what disturbs the machine for a while disturbs all. */
async function measure(
  client: BenchClient,
  phase: ProxyPhase,
  { ways, rounds }: { readonly ways: readonly Way[]; readonly rounds: number },
): Promise<Partial<Record<Way["name"], Figures>>> {
  const chosen = ways.filter(({ name }) => phase.hangarOnly !== true || name === "hangar");
  const results = chosen.map((way) => ({ way, figures: [] as number[], cpuMs: [] as number[] }));
  for (const { pid } of chosen) await resetPeakMemory(pid);
  for (let round = 0; round < rounds; round++) {
    for (const { way, figures, cpuMs } of round % 2 === 0 ? results : results.toReversed()) {
      const before = await readCpuSeconds(way.pid);
      const seconds = await client.call(phase.method, way.location, phase.options(way.location));
      cpuMs.push((1000 * ((await readCpuSeconds(way.pid)) - before)) / phase.work(client.byteLength));
      figures.push(phase.figure(seconds, client.byteLength));
    }
  }
  const medians = results.map(async ({ way, figures, cpuMs }) => {
    const peakMegabytes = (await readPeakMemory(way.pid)) / megabyte;
    return [way.name, { figure: median(figures), cpuMs: median(cpuMs), peakMegabytes }] as const;
  });
  return Object.fromEntries(await Promise.all(medians));
}

function toRows(
  { title, unit }: ProxyPhase,
  { direct, nginx, hangar }: Partial<Record<Way["name"], Figures>>,
): string[] {
  const [theirs = NaN, ours = NaN] = [nginx?.figure, hangar?.figure];
  const cpu = [nginx?.cpuMs, hangar?.cpuMs].map(toText).join(" | ");
  const rest = `${cpu} | ${hangar?.peakMegabytes.toFixed(0)} |`;
  const row = [direct?.figure, theirs, ours, ours / theirs].map(toText).join(" | ");
  const rows = [`| ${title} (${unit}) | ${row} | ${rest}`];
  if (unit === "ms" && direct) {
    const added = [theirs - direct.figure, ours - direct.figure] as const;
    rows.push(
      `| added to ${title} (${unit}) | – | ${[...added, added[1] / added[0]].map(toText).join(" | ")} | ${rest}`,
    );
  }
  return rows;
}

function toText(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "–" : value.toPrecision(3);
}
