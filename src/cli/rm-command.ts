import { Option, type Command } from "commander";
import { addClientCommand } from "./client-flags.ts";
import type { RmFlags } from "./rm.ts";

/** Adds `hangar rm`. */
export function addRmCommand(program: Command): void {
  addClientCommand(program, "rm <names...>", "Delete datasets, by name or by a pattern such as 'weather/*'")
    .addOption(new Option("-y, --yes", "without asking"))
    .action(async (names: string[], flags: RmFlags) => (await import("./rm.ts")).rm(names, flags));
}
