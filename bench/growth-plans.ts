import type { Measured } from "./client.ts";
import type { ServerName } from "./compare-servers.ts";

/** What one round took, and the peak memory of the server. */
export interface Sample extends Measured {
  readonly peakBytes: number;
}

/** A call of the client, and the bytes that it moves, if the client does not count them. */
interface Request {
  readonly method: string;
  readonly options: Record<string, unknown>;
  readonly byteLength?: number;
}

/** A call for each size, and what is drawn of it. */
export interface Step {
  request(size: number, location: string): Request;
  readonly panels: readonly {
    readonly title: string;
    readonly unit: string;
    figure(sample: Sample): number;
  }[];
  /** Whether only the first round is measured. */
  readonly once?: boolean;
}

/** The steps and sizes of one topic. */
export interface Plan {
  /** Names the plot's file. */
  readonly name: string;
  readonly title: string;
  /** What the sizes count, such as `columns`. */
  readonly axis: string;
  readonly sizes: readonly number[];
  /** A call before the steps of a size, which is not measured. */
  readonly before?: { readonly method: string; options(size: number, repo: string): Record<string, unknown> };
  readonly steps: readonly Step[];
  /** The largest size of a server that would need more memory than the machine has. */
  readonly largest?: Partial<Record<ServerName, number>>;
}

/** About the bytes of one row of the usual table. */
const rowBytes = 83.5;

/** Of a table that the client does not hold, it compares one batch in so many: to compare all takes as long as to get. */
const comparedEvery = 20;

const rate = (title: string): Step["panels"][number] => ({
  title,
  unit: "MB/s",
  figure: ({ byteLength, seconds }) => byteLength / 1e6 / seconds,
});
const time = (title: string): Step["panels"][number] => ({
  title,
  unit: "ms",
  figure: ({ seconds }) => seconds * 1000,
});
const peak = (title: string): Step["panels"][number] => ({
  title,
  unit: "MB",
  figure: ({ peakBytes }) => peakBytes / 1e6,
});

const readersTable = { name: "readers.parquet", rows: 385_000 };

/**
 * Returns what is measured: 0.01 to 10 times the rows, 10 to 5,000 columns, 1 to 64 readers, 100 to 10,000 datasets.
 *
 * @param rowCount - the rows of the usual table. The client repeats it instead of holding a larger one
 */
export function planGrowth(rowCount: number): readonly Plan[] {
  const ofRows = (method: "put" | "get", rows: number): Request => {
    const name = `growth-${rows}.parquet`;
    if (rows <= rowCount) return { method, options: { name, rows } };
    const byteLength = rows * rowBytes;
    const options = { name, byte_length: byteLength, ...(method === "get" && { compared_every: comparedEvery }) };
    return { method: `${method}_stream`, options, byteLength };
  };
  const ofColumns = (method: "put" | "get", columns: number): Request => ({
    method,
    options: { name: `growth-${columns}.parquet`, rows: 4000, columns },
  });
  return [
    {
      name: "rows",
      title: "Rows of a table of 10 columns",
      axis: "rows",
      sizes: [0.01, 0.1, 1, 10].map((factor) => Math.round(factor * rowCount)),
      steps: [
        { request: (rows) => ofRows("put", rows), panels: [rate("put"), peak("peak memory of the put")] },
        { request: (rows) => ofRows("get", rows), panels: [rate("get"), peak("peak memory of the get")] },
      ],
      largest: { recipe: rowCount },
    },
    {
      name: "columns",
      title: "Columns of a table of 4,000 rows",
      axis: "columns",
      sizes: [10, 100, 1000, 5000],
      steps: [
        { request: (columns) => ofColumns("put", columns), panels: [time("put")] },
        { request: (columns) => ofColumns("get", columns), panels: [time("get")] },
      ],
    },
    {
      name: "readers",
      title: "Readers at once of a table of 32 MB",
      axis: "readers",
      sizes: [1, 4, 16, 64],
      before: { method: "put", options: () => readersTable },
      steps: [
        {
          request: (count, location) => ({ method: "readers", options: { ...readersTable, location, count } }),
          panels: [rate("all readers together"), peak("peak memory")],
        },
      ],
    },
    {
      name: "datasets",
      title: "Datasets in the folder",
      axis: "datasets",
      sizes: [100, 1000, 10_000],
      before: { method: "prepare", options: (count, repo) => ({ repo, count }) },
      steps: [
        { request: (count) => ({ method: "list", options: { count } }), panels: [time("first list")], once: true },
        { request: (count) => ({ method: "list", options: { count } }), panels: [time("list again")] },
      ],
    },
  ];
}
