import { createInterface } from "node:readline/promises";
import { Option, type Command } from "commander";
import { addClientCommand, callServer, type ClientFlags } from "./client-call.ts";
import { escapeControls } from "./escape-controls.ts";
import { UsageError } from "./exit-code.ts";
import { say } from "./say.ts";

interface RmFlags extends ClientFlags {
  readonly yes?: boolean;
}

/** Adds `hangar rm`. */
export function addRmCommand(program: Command): void {
  addClientCommand(program, "rm <names...>", "Delete datasets")
    .addOption(new Option("-y, --yes", "without asking"))
    .action(async (names: string[], flags: RmFlags) => {
      await callServer(flags, async ({ client, signal }) => {
        if (flags.yes !== true && !(await confirm(names, signal))) return;
        for (const name of names) {
          await client.drop(name, { signal });
          if (flags.quiet !== true) say(`${name}: deleted`);
        }
      });
    });
}

async function confirm(names: readonly string[], signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError("not a terminal: add --yes to delete");
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  // While a terminal is read, Ctrl-C goes to the reader.
  questions.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return /^y(es)?$/i.test(
      (await questions.question(`Delete ${names.map(escapeControls).join(", ")}? [y/N] `, { signal })).trim(),
    );
  } finally {
    questions.close();
  }
}
