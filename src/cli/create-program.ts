import { existsSync } from "node:fs";
import { Command } from "commander";
import { assertNotEmpty } from "./check-arguments.ts";
import { clientFlags, ignoreEmptyVariables } from "./client-flags.ts";
import { addCompactCommand } from "./compact-command.ts";
import { addConfigCommands } from "./config-commands.ts";
import { addGetCommands } from "./get-commands.ts";
import { addCopyCommands } from "./copy/copy-commands.ts";
import { addCompletionCommands } from "./completion/completion-commands.ts";
import { addExamples } from "./help/examples.ts";
import { layOutHelp } from "./help/help-layout.ts";
import { addListCommands } from "./list-commands.ts";
import { addOpenCommand } from "./open-command.ts";
import { packageVersion } from "./package-version.ts";
import { addPutCommand } from "./put-command.ts";
import { addRmCommand } from "./rm-command.ts";
import { say } from "./say.ts";
import { addServeCommand } from "./serve-command.ts";

/** Creates the program with all its commands. Help, completions and the manual page are made from it. */
export function createProgram(): Command {
  const program = new Command("hangar")
    .description("Arrow Flight over Parquet datasets")
    .version(packageVersion)
    .exitOverride()
    // Prints errors on one line, including the suggestion ("Did you mean …?").
    .configureOutput({
      outputError: (text) =>
        say(
          addHint(text.trimEnd())
            .replace(/^error: /, "hangar: ")
            .replace("\n(", " ("),
        ),
    });
  layOutHelp(program);
  program.hook("preAction", (_program, command) => assertNotEmpty(command));
  takeClientFlags(program);
  program.commandsGroup("A server:");
  const serve = addServeCommand(program);
  addConfigCommands(program, serve);
  program.commandsGroup("Its datasets:");
  addListCommands(program);
  addGetCommands(program);
  addPutCommand(program);
  addCopyCommands(program);
  addRmCommand(program);
  addCompactCommand(program);
  addOpenCommand(program);
  program.commandsGroup("Help:");
  addCompletionCommands(program);
  addHelpCommand(program);
  addExamples(program);
  return program;
}

/** Adds `hangar help`. Commander's own prints the help of the program for a command that does not exist. */
function addHelpCommand(program: Command): void {
  program
    .helpCommand(false)
    .command("help [command]")
    .description("Show the help of a command")
    .allowExcessArguments(false)
    .action((name: string | undefined) => {
      const found = name === undefined ? program : program.commands.find((each) => each.name() === name);
      (found ?? program.error(`error: unknown command '${name}'`)).help();
    });
}

/** What a caller who gave too many arguments may have meant, by command. */
const argumentHints: Readonly<Record<string, string>> = {
  ls: "Put a pattern in quotes.",
  serve: "The folder to serve is --repo FOLDER.",
};

function addHint(text: string): string {
  if (text.endsWith("is empty: 'places'")) return `${text}. The top folder of a server is grpc://HOST:PORT/`;
  const hint = argumentHints[/^error: too many arguments for '(\w+)'/.exec(text)?.[1] ?? ""];
  const option = /^error: unknown option '(-[^']+)'/.exec(text)?.[1];
  if (option !== undefined && existsSync(option)) return `${text}; for the file, write ./${option}`;
  return hint === undefined ? text : `${text} ${hint}`;
}

/** Allows the flags of client commands before the command, too. Those after the command have priority. */
function takeClientFlags(program: Command): void {
  // A command's own flags must not be taken for the program's.
  program.enablePositionalOptions();
  for (const option of clientFlags()) {
    // The command reads the environment.
    delete option.envVar;
    delete option.defaultValue;
    program.addOption(option.hideHelp());
  }
  program.hook("preSubcommand", (_program, command) => ignoreEmptyVariables(command));
  program.hook("preAction", (_program, command) => {
    for (const [name, value] of Object.entries(program.opts())) {
      if (command.getOptionValueSource(name) === "cli") continue;
      const option = program.options.find((each) => each.attributeName() === name);
      if (!command.options.some(({ long }) => long === option?.long)) {
        command.error(`error: ${command.name()} has no ${option?.long}`);
      }
      command.setOptionValueWithSource(name, value, "cli");
    }
  });
}
