import type { Command } from "commander";

/** A command line, and what it is for. */
type Example = readonly [commandLine: string, purpose: string];

/** The examples in the help of each command. The tests run them. */
const examples: Readonly<Record<string, readonly Example[]>> = {
  hangar: [
    ["hangar serve", "serve ./datasets on this machine"],
    ["hangar put cities.parquet", "upload a file"],
    ["hangar head cities.parquet", "show its first rows"],
  ],
  "hangar serve": [
    ["hangar serve --repo data", "serve the Parquet files in a folder"],
    ["hangar serve --config hangar.toml", "with settings and callers from a file"],
    ["hangar serve --upstream grpc://flights.example:8815", "in front of another Flight server"],
  ],
  "hangar token": [["hangar token new etl", "make a token for the caller etl"]],
  "hangar token new": [
    ["hangar token new etl --group writers", "make a token for the caller etl, in a group"],
    ["hangar token new ci --expires 90d >ci.token 2>>hangar.toml", "write the token and its configuration to files"],
  ],
  "hangar password": [["hangar password <secret.txt", "hash a password from a file"]],
  "hangar config": [["hangar config check hangar.toml", "check a configuration before it is used"]],
  "hangar config check": [
    ["hangar config check hangar.toml", "check a configuration before it is used"],
    ["hangar config check --config hangar.toml", "the same, with the flag of hangar serve"],
  ],
  "hangar ls": [
    ["hangar ls", "all datasets"],
    ["hangar ls -l geo", "those in a folder, with the time of the last change"],
    ["hangar ls 'geo/**' --json", "those that match a pattern, as JSON"],
    ["hangar ls --tree --depth 1", "folders with their sums"],
  ],
  "hangar info": [["hangar info geo/rivers", "rows, bytes, columns and locations"]],
  "hangar schema": [["hangar schema geo/rivers --format csv", "columns and their types"]],
  "hangar get": [
    ["hangar get geo/rivers -o rivers.parquet", "download a dataset; the extension is the format"],
    ["hangar get geo/rivers --where 'km > 6000' --columns name,km --format csv", "a part of it, as CSV"],
    ["hangar get 'geo/*' -o copies/", "several datasets into a folder"],
  ],
  "hangar head": [["hangar head geo/rivers -n 3 --columns name", "the first rows of a column"]],
  "hangar put": [
    ["hangar put cities.parquet", "upload a file under its own name"],
    ["hangar put rivers.arrow geo/rivers", "under another name"],
    ["hangar put cities.parquet rivers.arrow geo/", "several files into a folder"],
    ["hangar put cities.parquet --as towns.parquet", "under another name that ends like a file"],
    ["hangar put -r sales archive/2026", "all files in a folder"],
    ["hangar put --append sales cities.parquet --id order-7", "one more file of a folder, stored once"],
    ["hangar get geo/rivers | hangar put - geo/copy", "from standard input"],
  ],
  "hangar cp": [
    ["hangar cp geo/rivers geo/backup", "within a server"],
    ["hangar cp geo/ grpc://flights.example:8815/geo/", "a folder to another server"],
    ["hangar cp ./sales/ sales/", "files of this machine to a server"],
  ],
  "hangar mv": [
    ["hangar mv geo/rivers archive/", "into a folder"],
    ["hangar mv 'geo/*' grpc://flights.example:8815/geo/", "to another server"],
  ],
  "hangar compact": [
    ["hangar compact geo --dry-run", "what would be joined"],
    ["hangar compact 'geo/**' --older-than 10m", "a folder, and the folders in it"],
    ["hangar compact geo --sort-by km", "with sorted rows"],
  ],
  "hangar rm": [
    ["hangar rm geo/rivers --yes", "delete a dataset without asking"],
    ["hangar rm 'geo/**' --yes", "all datasets in a folder"],
  ],
  "hangar open": [["hangar open geo/rivers", "show a dataset in the browser"]],
  "hangar completion": [["hangar completion bash", "print the script for bash"]],
};

/** Returns the whole name of a command, such as `hangar token new`. */
export function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

/** Returns the examples of a command. Throws Error if it has none. */
export function examplesOf(command: Command): readonly Example[] {
  const own = examples[fullName(command)];
  if (own === undefined) throw new Error(`${fullName(command)} has no examples`);
  return own;
}

/** Adds examples to the help of a command and of the commands in it, except for hidden ones. */
export function addExamples(command: Command): void {
  command.addHelpText("after", () => {
    const lines = examplesOf(command).map(([commandLine, purpose]) => `  # ${purpose}\n  ${commandLine}`);
    return `\nExamples:\n${lines.join("\n")}`;
  });
  for (const each of visibleCommands(command)) addExamples(each);
}

/** Returns the commands in a command, without hidden ones and `help`. */
export function visibleCommands(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== "help");
}
