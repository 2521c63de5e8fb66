import { limitRows } from "../arrow/index.ts";
import { isFolderPattern } from "../dataset/index.ts";
import { countWords, FlightError, type FlightFrame } from "../flight/index.ts";
import type { CsvOptions } from "../rows/index.ts";
import { callServer, type ClientCall } from "./client-call.ts";
import type { ClientFlags } from "./client-flags.ts";
import { download } from "./download.ts";
import { forEachItem } from "./each-item.ts";
import { UsageError } from "./exit-code.ts";
import { encodeOutput, formatOfFile, type EncodeOptions } from "./formats.ts";
import { resolveNames } from "./list-datasets.ts";
import { say } from "./say.ts";
import { assertPrintable, TerminalTable } from "./terminal-table.ts";
import { planDownloads, type PlannedFile } from "./plan-downloads.ts";
import { readDataset, type Selection } from "./read-dataset.ts";
import { chooseFilter, type FilterFlags } from "./row-flags.ts";
import type { RowFormat } from "./row-formats.ts";
import { inNewFolder, isFolder, writeOutput } from "./write-output.ts";

/** The flags of `hangar get`. */
export interface GetFlags extends ClientFlags, FilterFlags, Omit<Selection, "filter"> {
  readonly output: string;
  readonly format?: RowFormat;
  readonly bom?: boolean;
  readonly guardFormulas?: boolean;
}

/** The flags of `hangar head`. */
export interface HeadFlags extends ClientFlags, FilterFlags, Pick<Selection, "columns"> {
  readonly rows: number;
  readonly format?: RowFormat;
}

/** The maximum number of rows on a terminal without `--limit`: more than a user reads, printed in about a second. */
const terminalRowsMax = 1000;

/** Runs `hangar get`. */
export async function getAll(args: readonly string[], flags: GetFlags): Promise<void> {
  const folder = flags.output !== "-" && (await isFolder(flags.output)) ? flags.output : undefined;
  const path = flags.output === "-" ? undefined : flags.output;
  const format = chooseFormat(flags, path, folder !== undefined);
  const csv = toCsvOptions(flags, format);
  if (path === undefined) assertPrintable(format);
  await callServer(flags, async (call) => {
    if (folder !== undefined) {
      const files = planDownloads(await resolveNames(call, args), folder, format);
      return await getEach(call, files, { format, csv, flags });
    }
    // All datasets of a pattern become one file.
    const names = (await isReadAsOne(call, args)) ? args : await resolveNames(call, args);
    const [name = "", other] = names;
    if (other !== undefined) throw new UsageError(`${names.length} datasets need a folder: -o FOLDER/`);
    await get(call, { name, path, format, csv, flags });
  });
}

/** Runs `hangar head`. */
export async function head(name: string, flags: HeadFlags): Promise<void> {
  const format = flags.format ?? (flags.json === true ? "json" : "table");
  assertPrintable(format);
  await callServer(flags, async (call) => {
    const { columns } = flags;
    const { frames } = await readDataset(call, name, { columns, filter: chooseFilter(flags) });
    await print(limitRows(frames, { limit: flags.rows }), { format, signal: call.signal, quiet: flags.quiet });
  });
}

interface GetRequest {
  readonly name: string;
  /** Undefined for standard output. */
  readonly path: string | undefined;
  readonly format: RowFormat;
  readonly csv: CsvOptions;
  readonly flags: GetFlags;
}

async function get(call: ClientCall, { name, path, format, csv, flags }: GetRequest): Promise<void> {
  const { limit } = flags;
  const { signal } = call;
  const stream = await readDataset(call, name, toSelection(flags));
  if (path === undefined && process.stdout.isTTY) {
    const { rowCount, frames } = stream;
    const isCut = limit === undefined && (rowCount === undefined || rowCount > terminalRowsMax);
    const shown = isCut ? limitRows(frames, { limit: terminalRowsMax }) : frames;
    await print(shown, { format, signal, csv, quiet: flags.quiet });
    if (isCut && flags.quiet !== true) say(cutHint(rowCount));
    return;
  }
  const rows = await download(stream, { name, path, format, csv, signal, quiet: flags.quiet === true });
  if (path !== undefined) reportFile({ name, path, rows }, flags);
}

/** Reports a file that was written: to people, or for `--json`. */
function reportFile(
  file: { readonly name: string; readonly path: string; readonly rows: number },
  { json, quiet }: ClientFlags,
): void {
  if (json === true) console.log(JSON.stringify(file));
  else if (quiet !== true) say(`${file.path}: ${countWords(file.rows, "row")}`);
}

/** Gets each dataset into its file, also after an error. */
async function getEach(
  call: ClientCall,
  files: readonly PlannedFile[],
  { format, csv, flags }: Pick<GetRequest, "format" | "csv" | "flags">,
): Promise<void> {
  const { signal } = call;
  const quiet = flags.quiet === true;
  const nameOf = ({ name }: PlannedFile): string => name;
  const work = { what: "datasets", nameOf, signal, asJson: flags.json === true };
  await forEachItem(files, work, async ({ name, path }) => {
    const rows = await inNewFolder(path, async () => {
      const stream = await readDataset(call, name, toSelection(flags));
      return await download(stream, { name, path, format, csv, signal, quiet });
    });
    reportFile({ name, path, rows }, flags);
  });
}

/** Returns whether the server reads the only argument, a pattern, as one dataset. Other servers fail in their own ways. */
async function isReadAsOne(
  { client, signal }: ClientCall,
  [pattern = "", ...others]: readonly string[],
): Promise<boolean> {
  if (others.length > 0 || !isFolderPattern(pattern)) return false;
  try {
    await client.info(pattern, { signal });
    return true;
  } catch (reason) {
    const codes = ["not_found", "internal", "unimplemented", "unknown"];
    if (reason instanceof FlightError && codes.includes(reason.code)) return false;
    throw reason;
  }
}

function toSelection({ columns, offset, limit, ...filters }: GetFlags): Selection {
  return { columns, offset, limit, filter: chooseFilter(filters) };
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
 * Returns the format of the flags or of the file name. By default, it is Parquet in a folder, a table on a terminal,
 * and Arrow in a pipe. For files, `--json` is only the format of the report.
 */
function chooseFormat({ format, json }: GetFlags, path: string | undefined, isInFolder: boolean): RowFormat {
  if (format) return format;
  if (isInFolder) return "parquet";
  if (path !== undefined) return formatOfFile(path, { hasFlag: true });
  if (json === true) return "json";
  return process.stdout.isTTY ? "table" : "arrow";
}

/** Returns the options of CSV. They are an error for other formats. */
function toCsvOptions({ bom, guardFormulas }: GetFlags, format: RowFormat): CsvOptions {
  if ((bom || guardFormulas) && format !== "csv") {
    throw new FlightError("invalid_argument", `--bom and --guard-formulas need CSV; the format is ${format}`);
  }
  return { bom, ...(guardFormulas && { guard: "formulas" }) };
}
