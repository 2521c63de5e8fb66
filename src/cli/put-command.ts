import { existsSync } from "node:fs";
import { basename, extname } from "node:path";
import { Option, type Command } from "commander";
import { addClientCommand, callServer, type ClientCall, type ClientFlags } from "./client-call.ts";
import { UsageError } from "./exit-code.ts";
import { openInput } from "./open-input.ts";
import { showProgress } from "./progress.ts";

interface PutFlags extends ClientFlags {
  readonly create?: boolean;
}

/** A file that is put, and the name that its dataset gets. */
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
        for (const upload of uploads) await put(call, upload, flags);
      });
    });
}

/**
 * Returns the uploads for the arguments of `hangar put`. The last of two arguments is a name, unless it is a file.
 *
 * @throws UsageError if standard input has no name
 */
export function planUploads(args: readonly string[], isFile: (path: string) => boolean): readonly Upload[] {
  const [first = "", second] = args;
  const toPath = (arg: string): string | undefined => (arg === "-" ? undefined : arg);
  if (args.length === 2 && second !== undefined && second !== "-" && (first === "-" || !isFile(second))) {
    return [{ path: toPath(first), name: second }];
  }
  if (args.includes("-")) throw new UsageError("standard input needs a name: hangar put - NAME");
  return args.map((path) => ({ path, name: nameOf(path) }));
}

/** Returns the name of the dataset of a file. Datasets are Parquet files. */
function nameOf(path: string): string {
  return `${basename(path, extname(path))}.parquet`;
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
  else if (flags.quiet !== true) console.error(`${name}: ${rowCount} rows`);
}
