import type { Command } from "commander";

/**
 * Refuses empty arguments, and empty flags of commands that call a server. In scripts, they come from variables that are
 * not set: `hangar mv "$FROM" archive/` would move everything.
 */
export function assertNotEmpty(command: Command): void {
  command.args.forEach((value, i) => {
    if (value !== "") return;
    const argument = command.registeredArguments[Math.min(i, command.registeredArguments.length - 1)];
    command.error(`error: an argument is empty: '${argument?.name() ?? ""}'`);
  });
  if (!command.options.some(({ long }) => long === "--url")) return;
  for (const option of command.options) {
    if (command.getOptionValue(option.attributeName()) !== "") continue;
    command.error(`error: option '${option.flags}' is empty`);
  }
}
