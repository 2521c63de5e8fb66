import { parseArgs } from "node:util";
import { memoryPhaseNames, usualPhaseNames, type PhaseName } from "./phases.ts";

/** What the command line asks for. */
export interface BenchOptions {
  /** Rows of the table that is put and got. */
  readonly rows: number;
  /** How often each phase runs against each server; medians are reported. */
  readonly rounds: number;
  /** How many small datasets are listed. */
  readonly datasets: number;
  /** Phases to run; those that need a dataset find one put. */
  readonly only: readonly PhaseName[];
  /** What is measured instead of servers: the client in Chromium, the command line, a GET of a file, gRPC-Web, the proxy, or authentication. */
  readonly program: SpecialProgram | undefined;
  /** Servers to run. */
  readonly servers: readonly ServerName[];
}

export type ServerName = "recipe" | "hangar";

/** What a run measures by itself. */
type SpecialProgram = (typeof specialPrograms)[number];

const specialPrograms = ["auth", "browser", "cli", "files", "grpc-web", "proxy"] as const;

export const usage = `npm run bench -- [--rows 4000000 (browser: 1500000; grpc-web, proxy: 2000000)] [--rounds 3] [--datasets 500] [--only ${usualPhaseNames.join(",")}|memory|${specialPrograms.join("|")}] [--servers recipe,hangar]`;

/** Reads the command line. Throws an Error with one clear line where it makes no sense. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: "string" },
      rounds: { type: "string", default: "3" },
      datasets: { type: "string", default: "500" },
      only: { type: "string", default: usualPhaseNames.join(",") },
      servers: { type: "string", default: "recipe,hangar" },
    },
  });
  const program = specialPrograms.find((name) => name === values.only);
  return {
    rows: toCount("rows", values.rows ?? defaultRows(program)),
    program,
    rounds: toCount("rounds", values.rounds),
    datasets: toCount("datasets", values.datasets),
    only: program ? [] : toPhases(values.only),
    servers: toNames("servers", values.servers, ["recipe", "hangar"]),
  };
}

function defaultRows(program: SpecialProgram | undefined): string {
  // A page holds the table more than once.
  if (program === "browser") return "1500000";
  return program === "proxy" || program === "grpc-web" ? "2000000" : "4000000";
}

function toPhases(text: string): readonly PhaseName[] {
  return text === "memory" ? memoryPhaseNames : toNames("only", text, usualPhaseNames);
}

function toCount(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`--${option} is a whole number from 1, not ${text}`);
  return count;
}

function toNames<T extends string>(option: string, text: string, known: readonly T[]): T[] {
  return text.split(",").map((name) => {
    const found = known.find((each) => each === name);
    if (found === undefined) throw new Error(`--${option} takes ${known.join(", ")}, not ${name}`);
    return found;
  });
}
