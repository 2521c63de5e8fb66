import { measureAuth } from "./auth.ts";
import { measureInBrowser } from "./browser/main.ts";
import { measureBucket } from "./bucket.ts";
import { measureBucketLists } from "./bucket-lists.ts";
import { measureCommandLine } from "./command-line.ts";
import type { Comparing } from "./compare-servers.ts";
import type { Figure } from "./figures.ts";
import { measureFiles } from "./files.ts";
import type { Topic } from "./growth.ts";
import { measureFolder } from "./folder.ts";
import { measureGrpcWeb } from "./grpc-web.ts";
import { measureProxy } from "./proxy.ts";
import { groups } from "./rows.ts";
import { measureScaling } from "./scaling.ts";
import { measureStart } from "./start.ts";
import { measureTable } from "./table/main.ts";

/** Figures, and plots of how they depend on a size. */
export interface Measurement {
  readonly figures: readonly Figure[];
  readonly topics: readonly Topic[];
}

/** A group of figures that is measured in its own way. */
export interface Program {
  /** Rows of the usual table; as many as `--rows` by default. */
  readonly rows?: number;
  run(run: Comparing): Promise<readonly Figure[] | Measurement>;
}

/** The groups that are not comparisons of servers row by row, by name. */
export const programs: Readonly<Record<string, Program>> = {
  start: { run: measureStart },
  cli: { run: measureCommandLine },
  files: { rows: 1000, run: measureFiles },
  auth: { rows: 1000, run: measureAuth },
  proxy: { rows: 2_000_000, run: measureProxy },
  "grpc-web": { rows: 2_000_000, run: measureGrpcWeb },
  bucket: { rows: 2_000_000, run: measureBucket },
  "bucket-lists": { rows: 1000, run: measureBucketLists },
  folder: { rows: 1000, run: measureFolder },
  scaling: { rows: 36_000, run: measureScaling },
  table: { rows: 1000, run: measureTable },
  // A page holds the table more than once.
  browser: { rows: 1_500_000, run: measureInBrowser },
};

/** They take long, and gigabytes of memory and of the disk; `scaling` needs root. */
const onRequest = ["memory", "growth", "scaling"];

const usualNames = [...Object.keys(groups), ...Object.keys(programs)].filter((name) => !onRequest.includes(name));
/** The names of all groups, and of those that a run measures by default. */
export const groupNames = { byDefault: usualNames, all: [...usualNames, ...onRequest] };
