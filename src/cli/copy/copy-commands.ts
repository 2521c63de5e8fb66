import { Option, type Command } from "commander";
import { addClientCommand } from "../client-flags.ts";
import { flag } from "../options.ts";
import type { CopyFlags } from "./copy-all.ts";

/** Adds `hangar cp` and `mv`. */
export function addCopyCommands(program: Command): void {
  for (const [name, description, move] of [
    ["cp", "Copy datasets: within a server, between servers, and from or to local files", false],
    ["mv", "Move datasets: copies them, verifies the copies, then deletes the sources", true],
  ] as const) {
    addClientCommand(program, `${name} <places...>`, description)
      .usage("[options] SOURCE… DESTINATION")
      .addOption(new Option("--replace", "replace destinations that exist; without it, they are errors"))
      .addOption(flag("--other-token-file <file>", "file with the token for servers other than that of --url"))
      .action(async (places: string[], flags: CopyFlags, command: Command) => {
        const destination = places.pop() ?? "";
        if (places.length === 0) command.error("error: name a source and a destination");
        const { copyAll } = await import("./copy-all.ts");
        await copyAll(places, destination, { flags, move });
      });
  }
}
