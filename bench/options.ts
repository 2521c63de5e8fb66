import { parseArgs } from "node:util";
import type { ServerName } from "./compare-servers.ts";

/** What the command line asks for. */
export interface BenchOptions {
  /** Rows of the table that is put and got. */
  readonly rows: number;
  /** How often each row is measured; medians are reported. */
  readonly rounds: number;
  /** The groups to measure, each with its rows; all rows if there are none. */
  readonly only: ReadonlyMap<string, readonly string[]>;
  readonly servers: readonly ServerName[];
  /** Whether the results go into bench/results.json and the pages of docs. */
  readonly save: boolean;
}

/** The groups that a run may measure, and those that it measures by default. */
export interface GroupNames {
  readonly all: readonly string[];
  readonly byDefault: readonly string[];
}

const serverNames = ["hangar", "recipe", "streaming"] as const satisfies readonly ServerName[];

/** Returns how to call the program, in one line. */
export function usage({ all }: GroupNames): string {
  return `npm run bench -- [--only ${all.join(",")} (or GROUP.ROW)] [--rounds 3] [--rows 4000000] [--servers ${serverNames.join(",")}] [--save]`;
}

/** Reads the command line. Throws an Error with one line if it makes no sense. */
export function parseOptions(args: readonly string[], names: GroupNames): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: "string", default: "4000000" },
      rounds: { type: "string", default: "3" },
      only: { type: "string", default: names.byDefault.join(",") },
      servers: { type: "string", default: serverNames.join(",") },
      save: { type: "boolean", default: false },
    },
  });
  const only = toGroups(values.only, names.all);
  if (values.save && [...only.values()].some((rows) => rows.length > 0)) throw new Error("--save takes whole groups");
  return {
    rows: toCount("rows", values.rows),
    rounds: toCount("rounds", values.rounds),
    only,
    servers: values.servers.split(",").map((name) => toName("servers", name, serverNames)),
    save: values.save,
  };
}

function toGroups(text: string, known: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const each of text.split(",")) {
    const [group = "", row] = each.split(".");
    const rows = groups.get(toName("only", group, known)) ?? [];
    groups.set(group, row === undefined ? rows : [...rows, row]);
  }
  return groups;
}

function toCount(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`--${option} is a whole number from 1, not ${text}`);
  return count;
}

function toName<T extends string>(option: string, name: string, known: readonly T[]): T {
  const found = known.find((each) => each === name);
  if (found === undefined) throw new Error(`--${option} takes ${known.join(", ")}, not ${name}`);
  return found;
}
