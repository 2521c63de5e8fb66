import type { TestServer } from "../test/support/server.ts";
import type { Measured } from "./client.ts";
import { starters, type Comparing, type ServerName } from "./compare-servers.ts";
import { median } from "./figures.ts";
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
}

/** One measure of a topic. */
export interface Panel {
  readonly title: string;
  readonly unit: string;
  /** A value for each size; null where the server was left out. */
  readonly lines: Readonly<Record<string, readonly (number | null)[]>>;
}

interface Sample extends Measured {
  readonly peakBytes: number;
}

/** A measure of one size. */
interface Step {
  readonly title: string;
  readonly unit: string;
  readonly method: string;
  /** Whether only the first round is measured. */
  readonly once?: boolean;
  options(size: number, location: string): Record<string, unknown>;
  figure(sample: Sample): number;
}

interface Plan {
  readonly name: string;
  readonly title: string;
  readonly axis: string;
  readonly sizes: readonly number[];
  /** A call before the steps of a size, which is not measured. */
  readonly before?: { readonly method: string; options(size: number, repo: string): Record<string, unknown> };
  readonly steps: readonly Step[];
  /** The largest size of a server that would need more memory than the machine has. */
  readonly largest?: Partial<Record<ServerName, number>>;
}

/** From this size on, the client repeats its table instead of holding a larger one. */
const streamedRowsMin = 10_000_000;

/** About the bytes of one row of the usual table. */
const rowBytes = 83.5;

const megabytesPerSecond = ({ byteLength, seconds }: Measured): number => byteLength / 1e6 / seconds;
const milliseconds = ({ seconds }: Measured): number => seconds * 1000;
const peakMegabytes = ({ peakBytes }: Sample): number => peakBytes / 1e6;
const nameOf = (size: number): string => `growth-${size}.parquet`;

const readersOf = { name: "readers.parquet", rows: 385_000 };

function step(title: string, unit: string, method: string, figure: Step["figure"], options: Step["options"]): Step {
  return { title, unit, method, figure, options };
}

const byRows: Step["options"] = (rows) => ({ name: nameOf(rows), rows });
const byColumns: Step["options"] = (columns) => ({ name: nameOf(columns), rows: 4000, columns });
const byReaders: Step["options"] = (count, location) => ({ ...readersOf, location, count });
const byDatasets: Step["options"] = (count) => ({ count });

const plans: readonly Plan[] = [
  {
    name: "rows",
    title: "Rows of a table of 10 columns",
    axis: "rows",
    sizes: [40_000, 400_000, 4_000_000, 40_000_000],
    steps: [
      step("put", "MB/s", "put", megabytesPerSecond, byRows),
      step("get", "MB/s", "get", megabytesPerSecond, byRows),
      step("peak memory of a get", "MB", "get", peakMegabytes, byRows),
    ],
    largest: { recipe: 4_000_000 },
  },
  {
    name: "columns",
    title: "Columns of a table of 4,000 rows",
    axis: "columns",
    sizes: [10, 100, 1000, 5000],
    steps: [step("put", "ms", "put", milliseconds, byColumns), step("get", "ms", "get", milliseconds, byColumns)],
  },
  {
    name: "readers",
    title: "Readers at once of a table of 32 MB",
    axis: "readers",
    sizes: [1, 4, 16, 64],
    before: { method: "put", options: () => readersOf },
    steps: [
      step("all readers together", "MB/s", "readers", megabytesPerSecond, byReaders),
      step("peak memory", "MB", "readers", peakMegabytes, byReaders),
    ],
  },
  {
    name: "datasets",
    title: "Datasets in the folder",
    axis: "datasets",
    sizes: [100, 1000, 10_000],
    before: { method: "prepare", options: (count, repo) => ({ repo, count }) },
    steps: [
      { ...step("first list", "ms", "list", milliseconds, byDatasets), once: true },
      step("list again", "ms", "list", milliseconds, byDatasets),
    ],
  },
];

/** Measures each size with fresh servers, so that the peak memory of one size is not that of another. */
export async function measureGrowth(run: Comparing): Promise<Topic[]> {
  const topics: Topic[] = [];
  for (const plan of plans) {
    const values = plan.steps.map(() => new Map<ServerName, (number | null)[]>(run.servers.map((name) => [name, []])));
    for (const size of plan.sizes) {
      for (const server of run.servers) {
        const figures = size > (plan.largest?.[server] ?? Infinity) ? [] : await measureSize(plan, size, server, run);
        values.forEach((lines, index) => lines.get(server)?.push(figures[index] ?? null));
      }
    }
    const panels = plan.steps.map(({ title, unit }, index) => ({
      title,
      unit,
      lines: Object.fromEntries(values[index] ?? []),
    }));
    topics.push({ name: plan.name, title: plan.title, axis: plan.axis, sizes: plan.sizes, panels });
  }
  return topics;
}

async function measureSize(plan: Plan, size: number, name: ServerName, run: Comparing): Promise<number[]> {
  await using server = await starters[name]();
  const { client, report } = run;
  if (plan.before) await client.call(plan.before.method, server.location, plan.before.options(size, server.repo));
  const figures: number[] = [];
  for (const each of plan.steps) {
    const samples: number[] = [];
    for (let round = 0; round < (each.once ? 1 : run.rounds); round++) {
      samples.push(each.figure(await measureStep(each, size, server, client)));
    }
    figures.push(median(samples));
    report(`${size} ${plan.axis}, ${each.title}, ${name}: ${toText(median(samples))} ${each.unit}`);
  }
  return figures;
}

async function measureStep(each: Step, size: number, server: TestServer, client: Comparing["client"]): Promise<Sample> {
  const { child, location } = server;
  const options = each.options(size, location);
  await resetPeakMemory(child.pid);
  const measured =
    Number(options["rows"]) < streamedRowsMin || options["rows"] === undefined
      ? await client.measure(each.method, location, options)
      : await measureStream(each.method, nameOf(size), size, server, client);
  return { ...measured, peakBytes: await readPeakMemory(child.pid) };
}

async function measureStream(
  method: string,
  name: string,
  rows: number,
  { location }: TestServer,
  client: Comparing["client"],
): Promise<Measured> {
  const byteLength = rows * rowBytes;
  const seconds = await client.call(`${method}_stream`, location, { name, byte_length: byteLength });
  return { seconds, byteLength };
}
