import { Command, CommanderError } from "commander";
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
