import { Option, type Command } from "commander";
import { decodeMessage, limitRows } from "../arrow/index.ts";
import { FlightError, type FlightFrame } from "../flight/index.ts";
import type { CsvOptions } from "../rows/index.ts";
import { addClientCommand, callServer, type ClientFlags } from "./client-call.ts";
import { encodeOutput, formatOfFile, type RowFormat } from "./formats.ts";
import { showProgress, type ProgressBar } from "./progress.ts";
import { readDataset, type Selection } from "./read-dataset.ts";
import { columnsOption, countOption, formatOption } from "./row-flags.ts";
import { writeOutput } from "./write-output.ts";

interface GetFlags extends ClientFlags, Selection {
  readonly output?: string;
  readonly format?: RowFormat;
  readonly bom?: boolean;
  readonly guardFormulas?: boolean;
}

interface HeadFlags extends ClientFlags {
  readonly rows: number;
  readonly format?: RowFormat;
}

/** Adds `hangar get` and `head`. */
export function addGetCommands(program: Command): void {
  addClientCommand(program, "get <name>", "Get a dataset, or a part of it")
    .addOption(new Option("-o, --output <file>", "output file; - for standard output").default("-"))
    .addOption(formatOption())
    .addOption(columnsOption())
    .addOption(new Option("--filter <filter>", "only such rows, as in \"fare > 10 and vendor in ('CMT')\""))
    .addOption(countOption("--offset <rows>", "number of rows to skip"))
    .addOption(countOption("--limit <rows>", "maximum number of rows"))
    .option("--bom", "start CSV with a byte order mark, so that Excel reads UTF-8")
    .option("--guard-formulas", "add an apostrophe to CSV text that a spreadsheet would run as a formula")
    .action(async (name: string, flags: GetFlags) => {
      await callServer(flags, async (call) => {
        const { columns, filter, offset, limit } = flags;
        const path = flags.output === "-" ? undefined : flags.output;
        const format = chooseFormat(flags, path);
        const csv = toCsvOptions(flags, format);
        const { rowCount, frames } = await readDataset(call, name, { columns, filter, offset, limit });
        // A bar among rows on the same terminal would be in their way.
        const quiet = flags.quiet === true || (path === undefined && process.stdout.isTTY);
        using bar = showProgress({ label: name, unit: "rows", total: rowCount, quiet });
        const { signal } = call;
        await writeOutput(encodeOutput(countRows(frames, bar), format, { path, signal, csv }), path, signal);
      });
    });
  addClientCommand(program, "head <name>", "Show the first rows of a dataset")
    .addOption(countOption("-n, --rows <count>", "how many").default(10))
    .addOption(formatOption())
    .action(async (name: string, flags: HeadFlags) => {
      await callServer(flags, async (call) => {
        const { frames } = await readDataset(call, name);
        const format = flags.format ?? (flags.json === true ? "json" : "table");
        const { signal } = call;
        await writeOutput(
          encodeOutput(limitRows(frames, { limit: flags.rows }), format, { path: undefined, signal }),
          undefined,
          signal,
        );
      });
    });
}

/**
 * Returns the format of the flags or of the file name. By default, it is a table on a terminal, and Arrow in a pipe.
 */
function chooseFormat({ format, json }: GetFlags, path: string | undefined): RowFormat {
  if (format) return format;
  if (json === true) return "json";
  const byName = path === undefined ? undefined : formatOfFile(path);
  return byName ?? (path === undefined && process.stdout.isTTY ? "table" : "arrow");
}

/** Returns the options of CSV. They are an error for other formats. */
function toCsvOptions({ bom, guardFormulas }: GetFlags, format: RowFormat): CsvOptions {
  if ((bom || guardFormulas) && format !== "csv") {
    throw new FlightError("invalid_argument", `--bom and --guard-formulas need CSV; the format is ${format}`);
  }
  return { bom, ...(guardFormulas && { guard: "formulas" }) };
}

async function* countRows(
  frames: AsyncIterable<FlightFrame>,
  bar: ProgressBar,
): AsyncGenerator<FlightFrame, void, undefined> {
  let rowCount = 0;
  for await (const frame of frames) {
    const message = decodeMessage(frame.header);
    yield frame;
    if (message.kind === "record_batch") bar.update((rowCount += message.layout.rowCount));
  }
}
