import { existsSync } from "node:fs";
import { basename, extname } from "node:path";
import { Option, type Command } from "commander";
import { FlightError } from "../flight/index.ts";
import { addClientCommand, callServer, type ClientCall, type ClientFlags } from "./client-call.ts";
import { PartialFailure, UsageError } from "./exit-code.ts";
import { toFileError } from "./file-error.ts";
import { openInput } from "./open-input.ts";
import { showProgress } from "./progress.ts";
import { reportError } from "./report-error.ts";
import { say } from "./say.ts";

interface PutFlags extends ClientFlags {
  readonly create?: boolean;
}

/** A file for a put, and the name of its dataset. */
interface Upload {
  /** Undefined for standard input. */
  readonly path: string | undefined;
  readonly name: string;
}

/** Adds `hangar put`. */
export function addPutCommand(program: Command): void {
  addClientCommand(program, "put <files...>", "Put Parquet files, Arrow files or Arrow streams; - is standard input")
    .usage("[options] FILE|- [NAME], or FILES")
    .addOption(new Option("--create", "fail if the dataset exists; only for Hangar servers"))
    .action(async (files: string[], flags: PutFlags) => {
      const uploads = planUploads(files, existsSync);
      await callServer(flags, async (call) => {
        await putEach(call, uploads, flags);
      });
    });
}

/**
 * Returns the uploads for the arguments of `hangar put`. The last of two arguments is a name, unless it is a file.
 *
 * @throws UsageError if standard input has no name, or if two files would become the same dataset
 */
export function planUploads(args: readonly string[], isFile: (path: string) => boolean): readonly Upload[] {
  const [first = "", second] = args;
  const toPath = (arg: string): string | undefined => (arg === "-" ? undefined : arg);
  if (args.length === 2 && second !== undefined && second !== "-" && (first === "-" || !isFile(second))) {
    return [{ path: toPath(first), name: second }];
  }
  if (args.includes("-")) throw new UsageError("standard input needs a name: hangar put - NAME");
  const uploads = args.map((path) => ({ path, name: nameOf(path) }));
  assertDistinct(uploads);
  return uploads;
}

function assertDistinct(uploads: readonly { readonly path: string; readonly name: string }[]): void {
  const paths = new Map<string, string>();
  for (const { path, name } of uploads) {
    const other = paths.get(name);
    if (other !== undefined) {
      throw new UsageError(`${other} and ${path} would both become ${name}; put one of them under another name`);
    }
    paths.set(name, path);
  }
}

/** Returns the name of the dataset of a file. Datasets are Parquet files. */
function nameOf(path: string): string {
  return `${basename(path, extname(path))}.parquet`;
}

/**
 * Puts every file, even after an error.
 *
 * @throws Error of the file if it is the only one; otherwise PartialFailure, after each error was reported
 */
async function putEach(call: ClientCall, uploads: readonly Upload[], flags: PutFlags): Promise<void> {
  const failures: unknown[] = [];
  for (const upload of uploads) {
    try {
      await put(call, upload, flags);
    } catch (reason) {
      const named = nameFile(reason, upload);
      if (call.signal.aborted || uploads.length === 1) throw named;
      reportError(named, flags.json === true);
      failures.push(named);
    }
  }
  if (failures.length > 0) throw new PartialFailure(failures, uploads.length);
}

/** Returns an error whose message starts with the file. */
function nameFile(reason: unknown, { path }: Upload): unknown {
  const what = path ?? "standard input";
  const error = toFileError(reason, what);
  if (!(error instanceof Error) || error.message.startsWith(what)) return error;
  const message = `${what}: ${error.message}`;
  return error instanceof FlightError
    ? new FlightError(error.code, message, { cause: error })
    : new Error(message, { cause: error });
}

async function put({ client, signal }: ClientCall, { path, name }: Upload, flags: PutFlags): Promise<void> {
  await using input = await openInput(path, signal);
  const { rows, bytes } = input.total;
  const unit = rows === undefined ? "bytes" : "rows";
  using bar = showProgress({ label: name, unit, total: rows ?? bytes, quiet: flags.quiet === true });
  const { rowCount } = await client.put(name, input.chunks, {
    mode: flags.create === true ? "create" : undefined,
    rowCount: rows,
    signal,
    onProgress: (progress) => bar.update(unit === "rows" ? progress.rowCount : progress.byteLength),
  });
  bar[Symbol.dispose]();
  if (flags.json === true) console.log(JSON.stringify({ name, rows: rowCount }));
  else if (flags.quiet !== true) say(`${name}: ${rowCount} rows`);
}
