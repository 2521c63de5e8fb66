import { existsSync } from "node:fs";
import { basename, extname } from "node:path";
import { Option, type Command } from "commander";
import { assertDistinct } from "./assert-distinct.ts";
import { addClientCommand, callServer, type ClientCall, type ClientFlags } from "./client-call.ts";
import { forEachItem } from "./each-item.ts";
import { UsageError } from "./exit-code.ts";
import { toFileError } from "./file-error.ts";
import { openInput } from "./open-input.ts";
import { showProgress } from "./progress.ts";
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
        const nameOf = ({ path }: Upload): string => path ?? "standard input";
        const work = { what: "files", nameOf, signal: call.signal, asJson: flags.json === true };
        await forEachItem(uploads, work, async (upload) => {
          await put(call, upload, flags).catch((reason: unknown) => {
            throw toFileError(reason, nameOf(upload));
          });
        });
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
  assertDistinct(uploads.map(({ path, name }) => ({ from: path, to: name })));
  return uploads;
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
  else if (flags.quiet !== true) say(`${name}: ${rowCount} rows`);
}
