import { Option, type Command } from "commander";
import { addClientCommand } from "./client-flags.ts";
import type { ListFlags, LsFlags } from "./list.ts";
import { countOption, formatOption } from "./row-flags.ts";

/** Adds `hangar ls`, `info` and `schema`, which show the datasets of a server. */
export function addListCommands(program: Command): void {
  addClientCommand(program, "ls [pattern]", "List datasets: all, those in a folder, or those that match 'weather/**'")
    .addOption(new Option("-l, --long", "also the number of columns, and the time of the last change"))
    .addOption(new Option("-t, --tree", "folders as a tree, with their sums"))
    .addOption(countOption("--depth <levels>", "the levels of the tree to show", 1).implies({ tree: true }))
    .addOption(formatOption())
    .action(async (pattern: string | undefined, flags: LsFlags) => (await import("./list.ts")).ls(pattern, flags));
  addClientCommand(program, "info <name>", "Describe a dataset: rows, size, locations")
    .addOption(formatOption())
    .action(async (name: string, flags: ListFlags) => (await import("./list.ts")).info(name, flags));
  addClientCommand(program, "schema <name>", "Show the columns of a dataset")
    .addOption(formatOption())
    .action(async (name: string, flags: ListFlags) => (await import("./list.ts")).schema(name, flags));
}
