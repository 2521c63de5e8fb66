/** What is measured of a phase, and how its seconds become the figure that people compare. */
export interface Phase {
  readonly title: string;
  readonly unit: string;
  /** Whether a larger figure is the better one. */
  readonly more: boolean;
  /** Whether the phase reads what a put left. */
  readonly needsPut: boolean;
  /** Whether it runs in the first round alone: it is another thing once the server has seen it, or it takes long. */
  readonly once?: boolean;
  /** Whether the recipe's server is left out, which would need more memory for it than a machine has. */
  readonly hangarOnly?: boolean;
  /** The method of client.py, where it has not the phase's name. */
  readonly method?: string;
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

/** Transfers of so much that nobody should hold all of it. Each dataset is named by its size. */
function streamed(method: "put_stream" | "get_stream", title: string, gigabytes: number): Phase {
  const byteLength = gigabytes * 1000 * megabyte;
  return {
    title,
    unit: "MB/s",
    more: true,
    needsPut: false,
    once: true,
    memory: true,
    method,
    options: () => ({ name: `${gigabytes}-gb.parquet`, byte_length: byteLength }),
    figure: (seconds) => byteLength / megabyte / seconds,
  };
}

/** Readers that stop half way through the smallest of the streamed datasets. */
function paused(count: number): Phase {
  const { options, figure, ...phase } = streamed("get_stream", `${count} readers paused half way through 0.3 GB`, 0.3);
  return {
    ...phase,
    method: "paused_readers",
    options: (sizes, location) => ({ ...options(sizes, location), location, count }),
    figure: (seconds, sizes) => (figure(seconds, sizes) * count) / 2,
  };
}

/** What `--only memory` runs: whether memory grows with a dataset, and with its readers. */
const memoryPhases = {
  put_small: streamed("put_stream", "put of 0.3 GB", 0.3),
  get_small: streamed("get_stream", "get of 0.3 GB", 0.3),
  paused_8: paused(8),
  paused_64: { ...paused(64), hangarOnly: true },
  put_medium: streamed("put_stream", "put of 1 GB", 1),
  get_medium: streamed("get_stream", "get of 1 GB", 1),
  put_large: streamed("put_stream", "put of 3 GB", 3),
  get_large: streamed("get_stream", "get of 3 GB", 3),
} satisfies Record<string, Phase>;

/** The phases of a usual run, in the order of a round. The key is the method of client.py. */
const usualPhases = {
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

/** All phases. */
export const phases = { ...usualPhases, ...memoryPhases };

export type PhaseName = keyof typeof phases;

/** The phases of a usual run. */
export const usualPhaseNames = Object.keys(usualPhases) as PhaseName[];

/** The phases that measure memory, which take gigabytes of it on the recipe's side, and of the disk. */
export const memoryPhaseNames = Object.keys(memoryPhases) as PhaseName[];
