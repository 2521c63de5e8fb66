import { createInterface } from "node:readline/promises";
import { callServer } from "./client-call.ts";
import type { ClientFlags } from "./client-flags.ts";
import { escapeControls } from "./escape-controls.ts";
import { UsageError } from "./exit-code.ts";
import { forEachItem } from "./each-item.ts";
import { resolveNames } from "./list-datasets.ts";
import { say } from "./say.ts";
import { withSuggestion } from "./suggest-name.ts";

/** The flags of `hangar rm`. */
export interface RmFlags extends ClientFlags {
  readonly yes?: boolean;
}

/** Runs `hangar rm`. */
export async function rm(names: readonly string[], flags: RmFlags): Promise<void> {
  await callServer(flags, async (call) => {
    const { client, signal } = call;
    const found = await resolveNames(call, names);
    if (flags.yes !== true && !(await confirm(found, signal))) {
      if (flags.quiet !== true) say("nothing deleted");
      return;
    }
    const work = { what: "datasets", nameOf: String, signal, asJson: flags.json === true };
    await forEachItem(found, work, async (name) => {
      await withSuggestion(call, name, () => client.drop(name, { signal }));
      if (flags.json === true) console.log(JSON.stringify({ name, deleted: true }));
      else if (flags.quiet !== true) say(`${name}: deleted`);
    });
  });
}

/** The maximum number of names in a question, so that the question stays on the screen. */
const shownNamesMax = 20;

function describeNames(names: readonly string[]): string {
  const shown = names.slice(0, shownNamesMax).map(escapeControls).join(", ");
  if (names.length <= 1) return shown;
  const rest = names.length > shownNamesMax ? ", …" : "";
  return `${names.length} datasets (${shown}${rest})`;
}

async function confirm(names: readonly string[], signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError("not a terminal: add --yes to delete");
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  // While a terminal is read, Ctrl-C goes to the reader.
  questions.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    const answer = await questions.question(`Delete ${describeNames(names)}? [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    questions.close();
  }
}
