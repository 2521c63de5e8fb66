import { measureAuth } from "./auth.ts";
import { measureInBrowser } from "./browser/main.ts";
import { measureBucket } from "./bucket.ts";
import { measureCommandLine } from "./command-line.ts";
import type { Comparing } from "./compare-servers.ts";
import type { Figure } from "./figures.ts";
import { measureFiles } from "./files.ts";
import { measureGrpcWeb } from "./grpc-web.ts";
import { measureProxy } from "./proxy.ts";
import { groups } from "./rows.ts";
import { measureStart } from "./start.ts";

/** A group of figures that is measured in its own way. */
export interface Program {
  /** Rows of the usual table; as many as `--rows` by default. */
  readonly rows?: number;
  run(run: Comparing): Promise<Figure[]>;
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
  // A page holds the table more than once.
  browser: { rows: 1_500_000, run: measureInBrowser },
};

/** They take long, and gigabytes of memory and of the disk. */
const onRequest = ["memory", "growth"];

const usualNames = [...Object.keys(groups).filter((name) => !onRequest.includes(name)), ...Object.keys(programs)];
/** The names of all groups, and of those that a run measures by default. */
export const groupNames = { byDefault: usualNames, all: [...usualNames, ...onRequest] };
