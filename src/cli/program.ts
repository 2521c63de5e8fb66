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

// Environment variables contain passwords and tokens. An operator may send a report of Node to others.
process.report.excludeEnv = true;

const program = new Command("hangar")
  .description("Arrow Flight over Parquet datasets")
  .version(packageVersion)
  .exitOverride()
  // Prints errors on one line, including the suggestion ("Did you mean …?").
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
  // A command's own --url must not be taken for the program's.
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
  // Commander has already printed the error or the requested help.
  if (reason instanceof CommanderError) process.exitCode = reason.exitCode === 0 ? exitCode.ok : exitCode.usage;
  else process.exitCode = reportError(reason, process.argv.includes("--json"));
}
