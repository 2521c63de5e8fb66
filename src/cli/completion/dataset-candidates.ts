import type { Command } from "commander";
import { callServer } from "../client-call.ts";
import type { ClientFlags } from "../client-flags.ts";
import { chooseWay } from "../credential-flags.ts";
import { escapePattern } from "../name-pattern.ts";

/** The maximum number of names to read for a completion: more than a user reads. */
const namesMax = 1000;

/** The time for a completion, in milliseconds. A shell waits for it. */
const timeoutMs = 2000;

/**
 * Returns the names of datasets that start with a prefix, up to the next `/`. Without a server, there are none.
 *
 * @param command - the command that is typed
 * @param words - its words, which can have flags for the server
 */
export async function datasetCandidates(command: Command, words: readonly string[], prefix: string): Promise<string[]> {
  const found = new Set<string>();
  try {
    const flags = readFlags(command, words);
    // A completion must not ask for a password.
    if (flags.user !== undefined && process.env["HANGAR_PASSWORD"] === undefined) return [];
    await callServer(flags, async ({ client, signal }) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      let count = 0;
      for await (const { name } of client.list(`${escapePattern(prefix)}**`, { signal: limit })) {
        if (!name.startsWith(prefix)) continue;
        const end = name.indexOf("/", prefix.length) + 1;
        found.add(end === 0 ? name : name.slice(0, end));
        if (++count >= namesMax) break;
      }
    });
  } catch {
    // What is typed may still be incomplete, and messages would destroy the line.
  }
  return [...found];
}

/** Reads the flags of a command that is not run, from its words and from the environment. */
function readFlags(command: Command, words: readonly string[]): ClientFlags {
  command.parseOptions([...words]);
  for (const option of command.options) {
    const name = option.attributeName();
    const value = option.envVar === undefined ? undefined : process.env[option.envVar];
    if (!value || command.getOptionValueSource(name) === "cli") continue;
    command.setOptionValueWithSource(name, option.parseArg?.(value, option.defaultValue) ?? value, "env");
  }
  chooseWay(command);
  return command.opts<ClientFlags>();
}
