import type { Command, Option } from "commander";
import { clientFlagsHeading } from "./help-layout.ts";
import { examplesOf, fullName, visibleCommands } from "./examples.ts";

/** The version and its day, which stand at the edges of the page. */
export interface Release {
  readonly version: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
}

const exitStatuses: readonly (readonly [status: string, meaning: string])[] = [
  ["0", "success; also if the reader of standard output closes the pipe early"],
  ["1", "a local failure: for example, a file cannot be read"],
  ["2", "invalid arguments"],
  ["4", "the server does not know the caller"],
  ["64 + n", "the call ended with gRPC status n: 69 is not found, 78 is unavailable"],
  ["128 + n", "signal n has ended the command"],
];

/** Returns the manual page of a program in roff, made from its help. */
export function toManPage(program: Command, { version, date }: Release): string {
  const commands = leavesOf(program);
  const shared = commands.find(({ options }) => options.some(isShared))?.options.filter(isShared) ?? [];
  const variables = commands.flatMap(({ options }) => options).filter(({ envVar }) => envVar !== undefined);
  return [
    `.TH HANGAR 1 ${date} "hangar ${version}" "User Commands"`,
    ".SH NAME",
    `hangar \\- ${escapeText(program.description())}`,
    ".SH SYNOPSIS",
    commands.map((command) => `.B ${fullName(command)}\n${escapeText(command.usage())}`).join("\n.br\n"),
    ".SH COMMANDS",
    ...commands.map(commandSection),
    ".SH OPTIONS OF COMMANDS THAT CALL A SERVER",
    "They may stand before or after the command.",
    ...shared.map(optionItem),
    ".SH ENVIRONMENT",
    "A variable sets the flag of the same name; the flag has priority.",
    ...[...new Map(variables.map((option) => [option.envVar, option])).values()].map(variableItem),
    item("HANGAR_PASSWORD", "the password of --user"),
    ".SH EXIT STATUS",
    ...exitStatuses.map(([status, meaning]) => item(status, meaning)),
    ".SH EXAMPLES",
    ...exampleLines(program),
    "",
  ].join("\n");
}

/** Returns the commands that do something, not those that only have other commands. */
function leavesOf(command: Command): Command[] {
  const inner = visibleCommands(command);
  return inner.length === 0 ? [command] : inner.flatMap(leavesOf);
}

function commandSection(command: Command): string {
  const own = command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => !isShared(option));
  return [
    `.SS ${fullName(command)}`,
    `${escapeText(command.description())}.`,
    ...own.map(optionItem),
    ".PP",
    "Examples:",
    ...exampleLines(command),
  ].join("\n");
}

function isShared({ helpGroupHeading }: Option): boolean {
  return helpGroupHeading === clientFlagsHeading;
}

function optionItem({ flags, description, argChoices }: Option): string {
  const choices = argChoices === undefined ? "" : `: ${argChoices.join(", ")}`;
  return item(flags, description + choices);
}

function variableItem({ envVar = "", long }: Option): string {
  return item(envVar, long ?? "");
}

function item(term: string, text: string): string {
  return `.TP\n.B ${escapeText(term)}\n${escapeText(text)}`;
}

function exampleLines(command: Command): string[] {
  const lines = examplesOf(command).map(
    ([commandLine, purpose]) => `# ${escapeText(purpose)}\n${escapeText(commandLine)}`,
  );
  return [".EX", ...lines, ".EE"];
}

/** Escapes what roff would take for a request, an escape or another dash. */
function escapeText(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(/^([.'])/gm, "\\&$1")
    .replaceAll("…", "\\[u2026]");
}
