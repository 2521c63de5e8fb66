import type { Argument, Command, Option } from "commander";

/** A text that can complete a word. */
export interface Candidate {
  readonly value: string;
  readonly description?: string | undefined;
}

/** What can complete the last word of a command line. */
export interface CompletionPlan {
  readonly candidates: readonly Candidate[];
  /** Whether the names of datasets can, too. */
  readonly datasets: boolean;
  /** Whether the paths of files can, too. */
  readonly files: boolean;
  /** The command that has been typed, and the words behind it, without the last one. */
  readonly command: Command;
  readonly words: readonly string[];
}

type Sources = Pick<CompletionPlan, "candidates" | "datasets" | "files">;

/** The position in a command line. */
interface Position {
  readonly command: Command;
  readonly words: readonly string[];
  /** The number of arguments of the command before the last word. */
  readonly argumentCount: number;
  /** The option whose value the last word is. */
  readonly option: Option | undefined;
  /** Whether `--` came before, after which nothing is an option. */
  readonly isLiteral: boolean;
}

/**
 * Returns what can complete the last word.
 *
 * @param words - the words behind the name of the program; the last one may be empty
 */
export function planCompletion(program: Command, words: readonly string[]): CompletionPlan {
  const last = words.at(-1) ?? "";
  const position = locate(program, words.slice(0, -1));
  const { candidates, datasets, files } = sourcesOf(position, last);
  return {
    candidates: candidates.filter(({ value }) => value.startsWith(last)),
    datasets,
    files,
    command: position.command,
    words: position.words,
  };
}

function locate(program: Command, words: readonly string[]): Position {
  let position: Position = { command: program, words: [], argumentCount: 0, option: undefined, isLiteral: false };
  for (const word of words) position = step(position, word);
  return position;
}

function step(position: Position, word: string): Position {
  const { command, argumentCount, option, isLiteral } = position;
  const words = [...position.words, word];
  if (option !== undefined) return { ...position, words, option: undefined };
  if (!isLiteral && word === "--") return { ...position, words, isLiteral: true };
  if (!isLiteral && word.startsWith("-")) {
    const found = command.options.find(({ short, long }) => word === short || word === long);
    return { ...position, words, option: found?.required === true ? found : undefined };
  }
  const next = command.commands.find((each) => each.name() === word);
  if (next) return { ...position, command: next, words: position.words, argumentCount: 0 };
  return { ...position, words, argumentCount: argumentCount + 1 };
}

function sourcesOf({ command, argumentCount, option, isLiteral }: Position, last: string): Sources {
  if (option !== undefined) return valuesOf(option, "");
  const [, name, value] = /^(--[a-z-]+)=(.*)$/s.exec(last) ?? [];
  const assigned = value === undefined ? undefined : command.options.find(({ long }) => long === name);
  if (assigned !== undefined) return { ...valuesOf(assigned, `${name}=`), files: false };
  const help = command.createHelp();
  if (last.startsWith("-") && !isLiteral) {
    const flags = help.visibleOptions(command).map(({ long, short, description }) => ({
      value: long ?? short ?? "",
      description,
    }));
    return { candidates: flags, datasets: false, files: false };
  }
  if (command.commands.length > 0) {
    const commands = help
      .visibleCommands(command)
      .map((each) => ({ value: each.name(), description: each.description() }));
    return { candidates: commands, datasets: false, files: false };
  }
  return argumentSources(command.registeredArguments, argumentCount, last);
}

/** Returns what can be an argument, by the name that it has in the usage. */
function argumentSources(args: readonly Argument[], index: number, word: string): Sources {
  const last = args.at(-1);
  const argument = args[index] ?? (last?.variadic === true ? last : undefined);
  const name = argument?.name() ?? "";
  if (name === "places") return placeSources(word);
  return {
    candidates: (argument?.argChoices ?? []).map((value) => ({ value })),
    datasets: /^(names?|pattern)$/.test(name),
    files: /^files?$/.test(name),
  };
}

/** Returns what can be a place of a copy. A path starts with `./`, `../` or `/`; any other word is a dataset's name. */
function placeSources(word: string): Sources {
  if (/^(\.{0,2}\/|~)/.test(word)) return { candidates: [], datasets: false, files: true };
  const folders = [
    { value: "./", description: "files of this folder" },
    ...(word === ".." ? [{ value: "../", description: "files of the folder above" }] : []),
  ];
  return { candidates: folders, datasets: true, files: false };
}

function valuesOf(option: Option, prefix: string): Sources {
  const candidates = (option.argChoices ?? []).map((value) => ({ value: prefix + value }));
  return { candidates, datasets: false, files: /<(file|place)>/.test(option.flags) };
}
