import { Option, type Command } from "commander";
import { addClientCommand, callServer, type ClientCall, type ClientFlags } from "./client-call.ts";
import { forEachItem } from "./each-item.ts";
import { toFileError } from "./file-error.ts";
import { openInput } from "./open-input.ts";
import { planFolderUploads, planUploads, type Upload } from "./plan-uploads.ts";
import { showProgress } from "./progress.ts";
import { say } from "./say.ts";

interface PutFlags extends ClientFlags {
  readonly create?: boolean;
  readonly recursive?: boolean;
}

/** Adds `hangar put`. */
export function addPutCommand(program: Command): void {
  addClientCommand(program, "put <files...>", "Put Parquet files, Arrow files or Arrow streams; - is standard input")
    .usage("[options] FILE|- [NAME], or FILES, or -r FOLDER [NAME]")
    .addOption(new Option("-r, --recursive", "folders: every Parquet and Arrow file in them and below"))
    .addOption(new Option("--create", "fail if the dataset exists; only for Hangar servers"))
    .action(async (files: string[], flags: PutFlags) => {
      const uploads = flags.recursive ? await planFolderUploads(files) : planUploads(files);
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
