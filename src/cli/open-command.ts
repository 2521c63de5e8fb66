import type { Command } from "commander";
import { addClientCommand, type ClientFlags } from "./client-flags.ts";

/** Adds `hangar open`. */
export function addOpenCommand(program: Command): void {
  addClientCommand(program, "open [name]", "Open a dataset, or the list of datasets, in the web app").action(
    async (name: string | undefined, flags: ClientFlags) => (await import("./open-page.ts")).openPage(name, flags),
  );
}
