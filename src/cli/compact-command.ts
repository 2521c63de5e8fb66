import { InvalidArgumentError, Option, type Command } from "commander";
import { addClientCommand } from "./client-flags.ts";
import type { CompactFlags } from "./compact.ts";

/** Adds `hangar compact`. */
export function addCompactCommand(program: Command): void {
  addClientCommand(program, "compact <folder>", "Join the small files of a folder; only for Hangar servers")
    .addOption(
      new Option("--target-size <size>", "join files up to this size, such as 512MiB; 256MiB by default").argParser(
        parseSize,
      ),
    )
    .addOption(
      new Option(
        "--older-than <time>",
        "only files that have not changed for this time, such as 90s, 10m, 2h or 1d",
      ).argParser(parseSeconds),
    )
    .addOption(new Option("--sort-by <column>", "sort the rows of each new file by a column"))
    .addOption(new Option("--dry-run", "show what would be joined, and change nothing"))
    .action(async (folder: string, flags: CompactFlags) => (await import("./compact.ts")).compact(folder, flags));
}

const unitBytes: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
};

function parseSize(text: string): number {
  const [, count, unit = ""] = /^(\d{1,12}(?:\.\d{1,3})?) ?([kmg]i?)?b?$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(count) * (unitBytes[unit.toLowerCase()] ?? NaN));
  if (!(bytes > 0)) throw new InvalidArgumentError("It must be a size, such as 512MiB or 1GB.");
  return bytes;
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function parseSeconds(text: string): number {
  const [, count, unit = ""] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (unitSeconds[unit] ?? NaN);
  if (Number.isNaN(seconds)) throw new InvalidArgumentError("It must be a time, such as 90s, 10m, 2h or 1d.");
  return seconds;
}
