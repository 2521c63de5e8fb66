import { startProxy, startPyarrowMemory, type TestServer } from "../test/support/server.ts";
import type { BenchClient } from "./client.ts";
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
}

const callCount = 1000;
const slowReaderCount = 50;
/** What the slow readers get, of which each reads half: more than is on its way at any time. */
const slow = { name: "slow", byte_length: 64_000_000 };

const throughput = (seconds: number, byteLength: number): number => byteLength / 1e6 / seconds;
const transfer = { unit: "MB/s", options: () => ({}), figure: throughput };

const phases: readonly ProxyPhase[] = [
  { ...transfer, title: "put in batches of 64 Ki rows", method: "put" },
  { ...transfer, title: "get in batches of 64 Ki rows", method: "get" },
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
    method: "same_info",
    options: () => ({ count: callCount }),
    figure: (seconds) => (seconds * 1000) / callCount,
  },
  {
    title: `${slowReaderCount} readers that stop half-way`,
    unit: "s",
    method: "paused_readers",
    options: (location) => ({ location, ...slow, count: slowReaderCount }),
    figure: (seconds) => seconds,
  },
];

/** Measures pyarrow's own server, which keeps its tables in memory, beside the same server behind the proxy. */
export async function measureProxy(client: BenchClient, rounds: number): Promise<string> {
  await using upstream = await startPyarrowMemory();
  await using proxy = await startProxy(upstream, "--log-level", "warn");
  await client.call("put_stream", upstream.location, slow);
  const rows: string[] = [];
  for (const phase of phases) {
    const [direct, through]: [number[], number[]] = [[], []];
    await resetPeakMemory(proxy.child.pid);
    for (let round = 0; round < rounds; round++) {
      direct.push(await measure(client, phase, upstream));
      through.push(await measure(client, phase, proxy));
    }
    const peakMegabytes = (await readPeakMemory(proxy.child.pid)) / 1e6;
    const figures = [median(direct), median(through), median(through) / median(direct)].map((each) =>
      each.toPrecision(3),
    );
    rows.push(`| ${phase.title} (${phase.unit}) | ${figures.join(" | ")} | ${peakMegabytes.toFixed(0)} |`);
    process.stdout.write(`${rows.at(-1)}\n`);
  }
  const head =
    "| | direct | through the proxy | ratio | proxy's peak memory (MB) |\n| --- | ---: | ---: | ---: | ---: |";
  return `\n${head}\n${rows.join("\n")}\n`;
}

async function measure(client: BenchClient, phase: ProxyPhase, { location }: TestServer): Promise<number> {
  const seconds = await client.call(phase.method, location, phase.options(location));
  return phase.figure(seconds, client.byteLength);
}
