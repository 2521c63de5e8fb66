import { ensurePrograms } from "../scripts/apt.ts";
import { startNginx } from "../test/support/nginx.ts";
import { startProxy, startPyarrowMemory } from "../test/support/server.ts";
import type { Comparing } from "./compare-servers.ts";
import { median, type Figure } from "./figures.ts";
import { readCpuMs, readPeakMemory, resetPeakMemory } from "./process.ts";
import { toText } from "./report.ts";

interface ProxyPhase {
  readonly title: string;
  readonly unit: string;
  /** Method of client.py. */
  readonly method: string;
  readonly options: (location: string) => Record<string, unknown>;
  /** The figure of one run. */
  readonly figure: (seconds: number, byteLength: number) => number;
  readonly better: Figure["better"];
  /** The least ratio to nginx. */
  readonly aim?: number;
  /** Whether only Hangar is measured. */
  readonly hangarOnly?: boolean;
}

const callCount = 1000;
const slowReaderCount = 50;
const megabyte = 1e6;
/** What the slow readers get, of which each reads half: more than is on its way at any time. */
const slow = { name: "slow", byte_length: 64 * megabyte };

const throughput = (seconds: number, byteLength: number): number => byteLength / megabyte / seconds;
const transfer = { unit: "MB/s", better: "more", options: () => ({}), figure: throughput } as const;

/** The most milliseconds that the proxy may add to a small call. */
const addedMsMax = 0.7;

const phases: readonly ProxyPhase[] = [
  { ...transfer, title: "put in batches of 64 Ki rows", method: "put", aim: 1 },
  { ...transfer, title: "get in batches of 64 Ki rows", method: "get", aim: 0.8 },
  {
    ...transfer,
    title: "four readers at once, together",
    method: "readers",
    options: (location) => ({ location, count: 4 }),
    figure: (seconds, byteLength) => 4 * throughput(seconds, byteLength),
  },
  { ...transfer, title: "put as one single batch", method: "put_single" },
  { ...transfer, title: "get as one single batch", method: "get" },
  {
    title: "one small unary call",
    unit: "ms",
    better: "less",
    method: "same_info",
    options: () => ({ count: callCount }),
    figure: (seconds) => (seconds * 1000) / callCount,
  },
  {
    title: `${slowReaderCount} readers that stop half-way`,
    unit: "s",
    better: "less",
    method: "paused_readers",
    options: (location) => ({ location, ...slow, count: slowReaderCount }),
    figure: (seconds) => seconds,
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

/** The median of a phase by one way. */
interface Result {
  /** In the unit of the phase. */
  readonly value: number;
  readonly cpuMs: number;
}

/**
 * Measures pyarrow's own server, which keeps its tables in memory, beside the same server behind nginx's `grpc_pass` and
 * behind Hangar.
 */
export async function measureProxy({ client, rounds, report }: Comparing): Promise<Figure[]> {
  await ensurePrograms(["nginx", "openssl"]);
  await using upstream = await startPyarrowMemory();
  await using nginx = await startNginx([upstream.location], { directives: "client_max_body_size 0;" });
  await using hangar = await startProxy(upstream, "--log-level", "warn");
  const [nginxUrl = ""] = nginx.http;
  const ways: Way[] = [
    { name: "hangar", location: hangar.location, pid: hangar.child.pid },
    { name: "nginx", location: nginxUrl.replace("http:", "grpc:"), pid: nginx.child.pid },
    { name: "direct", location: upstream.location, pid: upstream.child.pid },
  ];
  await client.call("put_stream", upstream.location, slow);
  const figures: Figure[] = [];
  await resetPeakMemory(hangar.child.pid);
  for (const phase of phases) figures.push(...toFigures(phase, await measure(phase, ways, { client, rounds, report })));
  const peak = { hangar: (await readPeakMemory(hangar.child.pid)) / megabyte };
  return [...figures, { title: "peak memory of the proxy", unit: "MB", better: "less", values: peak }];
}

/** Round by round, in turns: what disturbs the machine for a while disturbs all. */
async function measure(
  phase: ProxyPhase,
  ways: readonly Way[],
  { client, rounds, report }: Pick<Comparing, "client" | "rounds" | "report">,
): Promise<Map<Way["name"], Result>> {
  const chosen = ways.filter(({ name }) => phase.hangarOnly !== true || name === "hangar");
  const results = chosen.map((way) => ({ way, values: [] as number[], cpuMs: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { way, values, cpuMs } of round % 2 === 0 ? results : results.toReversed()) {
      const before = await readCpuMs(way.pid);
      const seconds = await client.call(phase.method, way.location, phase.options(way.location));
      cpuMs.push((await readCpuMs(way.pid)) - before);
      values.push(phase.figure(seconds, client.byteLength));
      const [value, cpu] = [values.at(-1), cpuMs.at(-1)];
      report(`round ${round + 1}, ${phase.title}, ${way.name}: ${toText(value)} ${phase.unit}, CPU ${cpu} ms`);
    }
  }
  return new Map(results.map(({ way, values, cpuMs }) => [way.name, { value: median(values), cpuMs: median(cpuMs) }]));
}

function toFigures({ title, unit, better, aim }: ProxyPhase, results: ReadonlyMap<string, Result>): Figure[] {
  const values = Object.fromEntries([...results].map(([name, { value }]) => [name, value]));
  const cpuMs = Object.fromEntries([...results].map(([name, each]) => [name, each.cpuMs]));
  const figure: Figure = { title, unit, better, values, cpuMs, aims: aim === undefined ? {} : { nginx: aim } };
  const { direct, nginx, hangar } = values;
  if (unit !== "ms" || direct === undefined || nginx === undefined || hangar === undefined) return [figure];
  const added = { hangar: hangar - direct, nginx: nginx - direct };
  return [figure, { title: `added to ${title}`, unit, better, values: added, aims: { hangar: addedMsMax } }];
}
