/** What is measured of a phase, and how its seconds become the figure that people compare. */
export interface Phase {
  readonly title: string;
  readonly unit: string;
  /** Whether a larger figure is the better one. */
  readonly more: boolean;
  /** Whether the phase reads what a put left. */
  readonly needsPut: boolean;
  /** Whether it runs in the first round alone, because it is another thing once the server has seen it. */
  readonly once?: boolean;
  /** Whether the server's peak memory during the phase is worth a row. */
  readonly memory: boolean;
  /** Arguments of the phase's method in client.py. */
  options(sizes: Sizes, location: string): Record<string, unknown>;
  /** The figure of one round. */
  figure(seconds: number, sizes: Sizes): number;
}

/** What figures are relative to. */
export interface Sizes {
  /** Bytes of the table in memory. */
  readonly byteLength: number;
  readonly datasetCount: number;
  readonly readerCount: number;
}

const megabyte = 1e6;
const throughput = (seconds: number, sizes: Sizes) => sizes.byteLength / megabyte / seconds;
const milliseconds = (seconds: number) => seconds * 1000;
const transfer = { unit: "MB/s", more: true, memory: true, options: () => ({}), figure: throughput };

const listing = {
  unit: "ms",
  more: false,
  needsPut: false,
  memory: false,
  options: (sizes: Sizes) => ({ count: sizes.datasetCount }),
  figure: milliseconds,
};

/** All phases, in the order of a round. The key is the method of client.py. */
export const phases = {
  list_first: { ...listing, title: "list of all small datasets, for the first time", once: true },
  list: { ...listing, title: "list of all small datasets, again" },
  infos: {
    title: "flight infos, one after another",
    unit: "calls/s",
    more: true,
    needsPut: false,
    memory: false,
    options: (sizes) => ({ count: sizes.datasetCount }),
    figure: (seconds, sizes) => sizes.datasetCount / seconds,
  },
  put: { ...transfer, title: "put in batches of 64 Ki rows", needsPut: false },
  put_single: { ...transfer, title: "put as one single batch", needsPut: false },
  get: { ...transfer, title: "get", needsPut: true },
  first_batch: {
    title: "first batch of a get",
    unit: "ms",
    more: false,
    needsPut: true,
    memory: false,
    options: () => ({}),
    figure: milliseconds,
  },
  readers: {
    ...transfer,
    title: "four readers at once, together",
    needsPut: true,
    options: (sizes, location) => ({ location, count: sizes.readerCount }),
    figure: (seconds, sizes) => throughput(seconds, sizes) * sizes.readerCount,
  },
} satisfies Record<string, Phase>;

export type PhaseName = keyof typeof phases;

export const phaseNames = Object.keys(phases) as PhaseName[];
