import type { TestServer } from "../test/support/server.ts";
import type { BenchClient, Measured } from "./client.ts";
import { starters, type Comparing, type ServerName } from "./compare-servers.ts";
import { median } from "./figures.ts";
import { planGrowth, type Plan, type Sample, type Step } from "./growth-plans.ts";
import { readPeakMemory, resetPeakMemory } from "./process.ts";
import { toText } from "./report.ts";

/** How cost grows with one size: a plot and a table. */
export interface Topic {
  /** Names the plot's file. */
  readonly name: string;
  readonly title: string;
  /** What the sizes count, such as `columns`. */
  readonly axis: string;
  readonly sizes: readonly number[];
  readonly panels: readonly Panel[];
  /** Whether the axes of the plot are linear, and begin at 0; they are logarithmic by default. */
  readonly isLinear?: boolean;
}

/** One measure of a topic. */
export interface Panel {
  readonly title: string;
  readonly unit: string;
  /** A value for each size; null where the server was left out. */
  readonly lines: Readonly<Record<string, readonly (number | null)[]>>;
}

/** The time after which a step gets no more rounds, in seconds: the whole group should take a few minutes. */
const roundsSecondsMax = 5;

/** Measures each size with fresh servers, so that the peak memory of one size is not that of another. */
export async function measureGrowth(run: Comparing): Promise<Topic[]> {
  const topics: Topic[] = [];
  for (const plan of planGrowth(run.client.rowCount)) {
    const panels = plan.steps.flatMap(({ panels: each }) => each);
    const lines = panels.map(() => new Map<ServerName, (number | null)[]>(run.servers.map((name) => [name, []])));
    for (const size of plan.sizes) {
      for (const server of run.servers) {
        const figures = size > (plan.largest?.[server] ?? Infinity) ? [] : await measureSize(plan, size, server, run);
        lines.forEach((line, index) => line.get(server)?.push(figures[index] ?? null));
      }
    }
    const { name, title, axis, sizes } = plan;
    const measured = panels.map((panel, i) => ({
      title: panel.title,
      unit: panel.unit,
      lines: Object.fromEntries(lines[i] ?? []),
    }));
    topics.push({ name, title, axis, sizes, panels: measured });
  }
  return topics;
}

/** Returns the figures of all panels. */
async function measureSize(plan: Plan, size: number, name: ServerName, run: Comparing): Promise<number[]> {
  await using server = await starters[name]();
  const { client, report } = run;
  if (plan.before) await client.call(plan.before.method, server.location, plan.before.options(size, server.repo));
  const figures: number[] = [];
  for (const step of plan.steps) {
    const samples = await measureStep(step, size, server, run);
    for (const { title, unit, figure } of step.panels) {
      const value = median(samples.map(figure));
      figures.push(value);
      report(`${size} ${plan.axis}, ${title}, ${name}: ${toText(value)} ${unit}`);
    }
  }
  return figures;
}

/** Measures a step several times, within the time that it may take. */
async function measureStep(step: Step, size: number, server: TestServer, run: Comparing): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startedMs = performance.now();
  const isOver = (): boolean => performance.now() - startedMs > roundsSecondsMax * 1000;
  do samples.push(await measureOnce(step, size, server, run.client));
  while (samples.length < (step.once ? 1 : run.rounds) && !isOver());
  return samples;
}

async function measureOnce(
  step: Step,
  size: number,
  { child, location }: TestServer,
  client: BenchClient,
): Promise<Sample> {
  await resetPeakMemory(child.pid);
  const { method, options, byteLength } = step.request(size, location);
  const measured: Measured = await client.measure(method, location, options);
  return {
    seconds: measured.seconds,
    byteLength: byteLength ?? measured.byteLength,
    peakBytes: await readPeakMemory(child.pid),
  };
}
