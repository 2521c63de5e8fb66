import { Command, CommanderError, Option } from "commander";
import { parseUrl } from "./client-call.ts";
import { addConfigCommands } from "./config-commands.ts";
import { exitCode } from "./exit-code.ts";
import { addGetCommands } from "./get-commands.ts";
import { addListCommands } from "./list-commands.ts";
import { packageVersion } from "./package-version.ts";
import { addPutCommand } from "./put-command.ts";
import { reportError } from "./report-error.ts";
import { addRmCommand } from "./rm-command.ts";
import { say } from "./say.ts";
import { addServeCommand } from "./serve-command.ts";

const program = new Command("hangar")
  .description("Arrow Flight over Parquet datasets")
  .version(packageVersion)
  .exitOverride()
  // One line for what is wrong, its suggestion ("Did you mean …?") included.
  .configureOutput({
    outputError: (text) =>
      say(
        text
          .trimEnd()
          .replace(/^error: /, "hangar: ")
          .replace("\n(", " ("),
      ),
  });
program
  // So that a command's own --url is not taken for the program's.
  .enablePositionalOptions()
  .addOption(new Option("--url <url>", "the Flight server, for the command that follows").argParser(parseUrl))
  .hook("preAction", (_program, command) => {
    const { url } = program.opts<{ url?: string }>();
    if (url === undefined || command.getOptionValueSource("url") === "cli") return;
    if (!command.options.some(({ long }) => long === "--url")) command.error(`error: ${command.name()} has no --url`);
    command.setOptionValueWithSource("url", url, "cli");
  });
addConfigCommands(program, addServeCommand(program));
addListCommands(program);
addGetCommands(program);
addPutCommand(program);
addRmCommand(program);

try {
  await program.parseAsync();
} catch (reason) {
  // Commander has said what is wrong by now, or has shown the help that was asked for.
  if (reason instanceof CommanderError) process.exitCode = reason.exitCode === 0 ? exitCode.ok : exitCode.usage;
  else process.exitCode = reportError(reason, process.argv.includes("--json"));
}
