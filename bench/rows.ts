import type { Measured } from "./client.ts";

/** What one round of a row took. */
export interface Sample extends Measured {
  /** CPU time of the server's process. */
  readonly cpuMs: number;
  /** The most memory that the server's process had. */
  readonly peakBytes: number;
}

/** One row of a comparison: what the client does, and how it becomes a figure. */
export interface Row {
  readonly title: string;
  readonly unit: string;
  readonly better: "more" | "less";
  /** The least ratio to each peer, or the greatest if less is better. */
  readonly aims?: Readonly<Partial<Record<PeerName | "folder" | "hangar", number>>>;
  /** Method of client.py. */
  readonly method: string;
  options(location: string): Record<string, unknown>;
  figure(sample: Sample): number;
  /** Puts what the row reads, before it is measured. */
  readonly before?: Request;
  /** Whether only the first round is measured, because the server answers the same request in another way later. */
  readonly once?: boolean;
  /** A server that is left out, because it would need more memory than the machine has. */
  readonly without?: PeerName;
  /** The peak memory of the server during this row, as a row of its own. */
  readonly memory?: Pick<Row, "title" | "aims">;
}

/** A call of the client that is not measured. */
export interface Request {
  readonly method: string;
  readonly options: Record<string, unknown>;
}

/** The servers beside Hangar. */
export type PeerName = "recipe" | "streaming";

/** The number of small datasets in each folder. */
export const smallCount = 500;

const callCount = 1000;
const getCount = 500;
const putCount = 200;
const newCount = 1400;

const megabytesPerSecond = ({ byteLength, seconds }: Measured): number => byteLength / 1e6 / seconds;
const milliseconds = ({ seconds }: Measured): number => seconds * 1000;
const peakMegabytes = ({ peakBytes }: Sample): number => peakBytes / 1e6;
const none = (): Record<string, unknown> => ({});
const usual: Request = { method: "put", options: {} };

const transfer = { unit: "MB/s", better: "more", options: none, figure: megabytesPerSecond } as const;

/** Small calls, so many of them in one sample. */
function calls(count: number): Pick<Row, "unit" | "better" | "figure"> {
  return { unit: "calls/s", better: "more", figure: ({ seconds }) => count / seconds };
}

/** The options of a table of another size, which is a dataset of its own. */
function sized(rows: number, columns?: number): { name: string; rows: number; columns?: number } {
  return { name: `${rows}-x-${columns ?? 10}.parquet`, rows, ...(columns === undefined ? {} : { columns }) };
}

interface SizedPair {
  readonly title: string;
  readonly rows: number;
  readonly columns?: number;
  /** How often one sample repeats it, so that it takes long enough. */
  readonly times?: number;
  readonly putAims?: Row["aims"];
  readonly getAims?: Row["aims"];
}

/** A put and a get of a table. */
function putAndGet(key: string, { title, rows, columns, times = 1, putAims, getAims }: SizedPair): Record<string, Row> {
  const options = sized(rows, columns);
  const repeated = (): Record<string, unknown> => ({ ...options, times });
  const before = { method: "put", options };
  return {
    [`put_${key}`]: { ...transfer, title: `put of ${title}`, method: "put", options: repeated, aims: putAims ?? {} },
    [`get_${key}`]: {
      ...transfer,
      title: `get of ${title}`,
      method: "get",
      options: repeated,
      aims: getAims ?? {},
      before,
    },
  };
}

/** So many readers of a table of so many rows, each with a connection of its own. */
function readers(count: number, title: string, rows: number | undefined, aims: Row["aims"]): Row {
  const size = rows === undefined ? {} : sized(rows);
  const options = (location: string): Record<string, unknown> => ({ location, count, ...size });
  const before = { method: "put", options: size };
  return {
    ...transfer,
    title: `${count} readers at once of ${title}, together`,
    method: "readers",
    options,
    before,
    aims: aims ?? {},
  };
}

const list = {
  unit: "ms",
  better: "less",
  figure: milliseconds,
  method: "list",
  options: () => ({ count: smallCount }),
} as const;
const both = (recipe: number, streaming = recipe): NonNullable<Row["aims"]> => ({ recipe, streaming });

/** A transfer of so much that nobody should hold all of it. The figure is the server's peak memory. */
function streamed(method: "put_stream" | "get_stream", title: string, gigabytes: number): Row {
  const options = { name: `${gigabytes}-gb.parquet`, byte_length: gigabytes * 1e9 };
  return { title, unit: "MB", better: "less", once: true, method, options: () => options, figure: peakMegabytes };
}

/** Readers that stop half way through 0.3 GB. */
function paused(count: number): Row {
  const row = streamed("get_stream", `${count} readers paused half way through 0.3 GB`, 0.3);
  return { ...row, method: "paused_readers", options: (location) => ({ ...row.options(location), location, count }) };
}

/** The comparisons with the peers, by the name of their group and of the row. */
export const groups = {
  lists: {
    first: { ...list, title: `list of ${smallCount} datasets, for the first time`, once: true },
    again: { ...list, title: `list of ${smallCount} datasets, again`, aims: both(0.2, 1) },
    after_puts: {
      ...list,
      title: `first list after ${newCount} puts`,
      method: "list_after_puts",
      options: (location) => ({ location, count: newCount }),
      aims: { recipe: 1 },
    },
  },
  calls: {
    info: {
      ...calls(callCount),
      title: "GetFlightInfo, one after another",
      method: "same_info",
      options: () => ({ count: callCount, name: "small-0.parquet" }),
      aims: both(1.5, 0.8),
    },
    info_8: {
      ...calls(callCount),
      title: "GetFlightInfo, 8 clients",
      method: "infos_at_once",
      options: (location) => ({ location, name: "small-0.parquet", count: callCount, client_count: 8 }),
      aims: both(1.5, 0.8),
    },
    small_get: {
      ...calls(getCount),
      title: "gets of 1,000 rows, one after another",
      method: "small_gets",
      options: () => ({ count: getCount }),
      aims: both(1.5, 1),
    },
  },
  puts: {
    serial: {
      ...calls(putCount),
      title: "durable puts of 1,000 rows, one after another (the recipe does not sync)",
      method: "small_puts",
      options: (location) => ({ location, count: putCount, client_count: 1 }),
      aims: both(0.6, 1),
    },
    clients_16: {
      ...calls(putCount),
      title: "durable puts of 1,000 rows, 16 clients (the recipe does not sync)",
      method: "small_puts",
      options: (location) => ({ location, count: putCount, client_count: 16 }),
      aims: both(1),
    },
  },
  sizes: {
    ...putAndGet("3", { title: "3 MB", rows: 36_000, times: 20, putAims: both(1), getAims: both(1) }),
    ...putAndGet("32", { title: "32 MB", rows: 385_000, times: 3, putAims: both(1, 1.2), getAims: both(1) }),
  },
  wide: {
    ...putAndGet("1000", {
      title: "1,000 columns x 4,000 rows",
      rows: 4000,
      columns: 1000,
      putAims: both(1),
      getAims: both(1),
    }),
    ...putAndGet("1000_long", {
      title: "1,000 columns x 40,000 rows",
      rows: 40_000,
      columns: 1000,
      putAims: both(1),
      getAims: both(1),
    }),
    ...putAndGet("5000", {
      title: "5,000 columns x 4,000 rows",
      rows: 4000,
      columns: 5000,
      putAims: both(0.8),
      getAims: both(0.8),
    }),
  },
  transfer: {
    put: {
      ...transfer,
      title: "put in batches of 64 Ki rows",
      method: "put",
      aims: both(1.3, 1.5),
      memory: { title: "peak memory of the put", aims: both(0.15, 1) },
    },
    put_single: { ...transfer, title: "put as one batch", method: "put_single" },
    get: {
      ...transfer,
      title: "get",
      method: "get",
      before: usual,
      aims: both(1.2, 1.1),
      memory: { title: "peak memory of the get", aims: both(0.15, 1) },
    },
    first_batch: {
      title: "first batch of a get",
      unit: "ms",
      better: "less",
      method: "first_batch",
      options: none,
      figure: milliseconds,
      before: usual,
      aims: both(0.05, 0.5),
    },
    readers_4: { ...readers(4, "the table", undefined, both(1.5, 1)), memory: { title: "peak memory of 4 readers" } },
    readers_16: readers(16, "83 MB", 1_000_000, both(1.5, 1)),
    readers_64: readers(64, "32 MB", 385_000, both(1.5, 1)),
  },
  memory: {
    put_small: streamed("put_stream", "put of 0.3 GB", 0.3),
    get_small: streamed("get_stream", "get of 0.3 GB", 0.3),
    paused_8: paused(8),
    paused_64: { ...paused(64), without: "recipe" },
    put_medium: streamed("put_stream", "put of 1 GB", 1),
    get_medium: streamed("get_stream", "get of 1 GB", 1),
    put_large: streamed("put_stream", "put of 3 GB", 3),
    get_large: streamed("get_stream", "get of 3 GB", 3),
  },
} satisfies Record<string, Record<string, Row>>;
