import { Option, type Command } from "commander";
import { addClientCommand } from "./client-flags.ts";
import type { PutFlags } from "./put.ts";

/** Adds `hangar put`. */
export function addPutCommand(program: Command): void {
  addClientCommand(program, "put <files...>", "Put Parquet files, Arrow files or Arrow streams; - is standard input")
    .usage("[options] FILE|- [NAME], or FILES [FOLDER/], or -r FOLDER [NAME], or --append FOLDER FILES")
    .addOption(
      new Option(
        "--as <name>",
        "name of the dataset, or of the folder if it ends with / or with -r; for one file or folder",
      ),
    )
    .addOption(new Option("-r, --recursive", "folders: every Parquet and Arrow file in them and below"))
    .addOption(new Option("--create", "fail if the dataset exists; only for Hangar servers"))
    .addOption(
      new Option(
        "--append <folder>",
        "store each file as one more file of a folder; only for Hangar servers",
      ).conflicts(["create", "as"]),
    )
    .addOption(new Option("--id <id>", "with --append: a repeated append of this id is stored once"))
    .action(async (files: string[], flags: PutFlags) => (await import("./put.ts")).putAll(files, flags));
}
