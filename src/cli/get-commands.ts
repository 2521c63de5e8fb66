import { Option, type Command } from "commander";
import { decodeMessage, limitRows } from "../arrow/index.ts";
import { FlightError, type FlightFrame } from "../flight/index.ts";
import type { CsvOptions } from "../rows/index.ts";
import { addClientCommand, callServer, type ClientCall, type ClientFlags } from "./client-call.ts";
import { encodeOutput, formatOfFile, type EncodeOptions, type RowFormat } from "./formats.ts";
import { say } from "./say.ts";
import { assertPrintable, TerminalTable } from "./terminal-table.ts";
import { showProgress, type ProgressBar } from "./progress.ts";
import { readDataset, type Selection } from "./read-dataset.ts";
import {
  chooseFilter,
  columnsOption,
  countOption,
  filterOption,
  formatOption,
  whereOption,
  type FilterFlags,
} from "./row-flags.ts";
import { assertNoFolder, writeOutput } from "./write-output.ts";

interface GetFlags extends ClientFlags, FilterFlags, Omit<Selection, "filter"> {
  readonly output?: string;
  readonly format?: RowFormat;
  readonly bom?: boolean;
  readonly guardFormulas?: boolean;
}

interface HeadFlags extends ClientFlags, FilterFlags, Pick<Selection, "columns"> {
  readonly rows: number;
  readonly format?: RowFormat;
}

/** The maximum number of rows on a terminal without `--limit`: more than a user reads, printed in about a second. */
const terminalRowsMax = 1000;

/** Adds `hangar get` and `head`. */
export function addGetCommands(program: Command): void {
  addClientCommand(program, "get <name>", "Get a dataset, or a part of it")
    .addOption(new Option("-o, --output <file>", "output file; - for standard output").default("-"))
    .addOption(formatOption())
    .addOption(columnsOption())
    .addOption(filterOption())
    .addOption(whereOption())
    .addOption(countOption("--offset <rows>", "number of rows to skip"))
    .addOption(countOption("--limit <rows>", "maximum number of rows; on a terminal 1000 by default"))
    .option("--bom", "start CSV with a byte order mark, so that Excel reads UTF-8")
    .option("--guard-formulas", "add an apostrophe to CSV text that a spreadsheet would run as a formula")
    .action(async (name: string, flags: GetFlags) => {
      const path = flags.output === "-" ? undefined : flags.output;
      if (path !== undefined) await assertNoFolder(path);
      const format = chooseFormat(flags, path);
      const csv = toCsvOptions(flags, format);
      if (path === undefined) assertPrintable(format);
      await callServer(flags, (call) => get(call, { name, path, format, csv, flags }));
    });
  addClientCommand(program, "head <name>", "Show the first rows of a dataset")
    .addOption(countOption("-n, --rows <count>", "how many").default(10))
    .addOption(formatOption())
    .addOption(columnsOption())
    .addOption(filterOption())
    .addOption(whereOption())
    .action(async (name: string, flags: HeadFlags) => {
      const format = flags.format ?? (flags.json === true ? "json" : "table");
      assertPrintable(format);
      await callServer(flags, async (call) => {
        const { columns } = flags;
        const { frames } = await readDataset(call, name, { columns, filter: chooseFilter(flags) });
        await print(limitRows(frames, { limit: flags.rows }), { format, signal: call.signal, quiet: flags.quiet });
      });
    });
}

interface Download {
  readonly name: string;
  /** Undefined for standard output. */
  readonly path: string | undefined;
  readonly format: RowFormat;
  readonly csv: CsvOptions;
  readonly flags: GetFlags;
}

async function get(call: ClientCall, { name, path, format, csv, flags }: Download): Promise<void> {
  const { columns, offset, limit } = flags;
  const { signal } = call;
  const isOnTerminal = path === undefined && process.stdout.isTTY;
  const filter = chooseFilter(flags);
  const { rowCount, frames } = await readDataset(call, name, { columns, filter, offset, limit });
  if (isOnTerminal) {
    const isCut = limit === undefined && (rowCount === undefined || rowCount > terminalRowsMax);
    const shown = isCut ? limitRows(frames, { limit: terminalRowsMax }) : frames;
    await print(shown, { format, signal, csv, quiet: flags.quiet });
    if (isCut && flags.quiet !== true) say(cutHint(rowCount));
    return;
  }
  using bar = showProgress({ label: name, unit: "rows", total: rowCount, quiet: flags.quiet === true });
  await writeOutput(encodeOutput(countRows(frames, bar), format, { path, signal, csv }), path, signal);
}

function cutHint(rowCount: number | undefined): string {
  const rest = rowCount === undefined ? "" : ` of ${rowCount.toLocaleString("en")}`;
  return `These are the first 1,000 rows${rest}. Use --limit for more, or -o FILE for all.`;
}

/** Prints rows to standard output. */
async function print(
  frames: AsyncGenerator<FlightFrame, void, undefined>,
  {
    format,
    signal,
    csv,
    quiet,
  }: Pick<EncodeOptions, "signal" | "csv"> & { format: RowFormat; quiet?: boolean | undefined },
): Promise<void> {
  const place = new TerminalTable();
  await writeOutput(encodeOutput(frames, format, { path: undefined, signal, csv, place }), undefined, signal);
  if (quiet !== true) place.sayHidden("use --columns, or --format json");
}

/**
 * Returns the format of the flags or of the file name. By default, it is a table on a terminal, and Arrow in a pipe.
 */
function chooseFormat({ format, json }: GetFlags, path: string | undefined): RowFormat {
  if (format) return format;
  if (json === true) return "json";
  if (path !== undefined) return formatOfFile(path);
  return process.stdout.isTTY ? "table" : "arrow";
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
