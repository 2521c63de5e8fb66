import { Option, type Command } from "commander";
import { addClientCommand } from "./client-flags.ts";
import type { GetFlags, HeadFlags } from "./get.ts";
import { columnsOption, countOption, filterOption, formatOption, whereOption } from "./row-flags.ts";

/** Adds `hangar get` and `head`. */
export function addGetCommands(program: Command): void {
  addClientCommand(program, "get <names...>", "Get a dataset, a part of it, or several datasets: -o FOLDER/")
    .addOption(new Option("-o, --output <file>", "output file, or a folder; - for standard output").default("-"))
    .addOption(formatOption())
    .addOption(columnsOption())
    .addOption(filterOption())
    .addOption(whereOption())
    .addOption(countOption("--offset <rows>", "number of rows to skip"))
    .addOption(countOption("--limit <rows>", "maximum number of rows; on a terminal 1000 by default"))
    .option("--bom", "start CSV with a byte order mark, so that Excel reads UTF-8")
    .option("--guard-formulas", "add an apostrophe to CSV text that a spreadsheet would run as a formula")
    .action(async (names: string[], flags: GetFlags) => (await import("./get.ts")).getAll(names, flags));
  addClientCommand(program, "head <name>", "Show the first rows of a dataset")
    .addOption(countOption("-n, --rows <count>", "how many").default(10))
    .addOption(formatOption())
    .addOption(columnsOption())
    .addOption(filterOption())
    .addOption(whereOption())
    .action(async (name: string, flags: HeadFlags) => (await import("./get.ts")).head(name, flags));
}
