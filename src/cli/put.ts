import { appendedName, putResultTrailer } from "../dataset/index.ts";
import { countWords } from "../flight/index.ts";
import { callServer, type ClientCall } from "./client-call.ts";
import type { ClientFlags } from "./client-flags.ts";
import { forEachItem } from "./each-item.ts";
import { UsageError } from "./exit-code.ts";
import { toFileError } from "./file-error.ts";
import { openInput } from "./open-input.ts";
import { planAppends, planFolderUploads, planUploads, type Upload } from "./plan-uploads.ts";
import { showProgress } from "./progress.ts";
import { say } from "./say.ts";

/** The flags of `hangar put`. */
export interface PutFlags extends ClientFlags {
  /** The folder to append to. */
  readonly append?: string;
  /** The name, if it is not the second argument. */
  readonly as?: string;
  readonly create?: boolean;
  readonly id?: string;
  readonly recursive?: boolean;
}

/** Runs `hangar put`. */
export async function putAll(files: readonly string[], flags: PutFlags): Promise<void> {
  const uploads = await planAll(files, flags);
  await callServer(flags, async (call) => {
    const nameOf = ({ path }: Upload): string => path ?? "standard input";
    const work = { what: "files", nameOf, signal: call.signal, asJson: flags.json === true };
    await forEachItem(uploads, work, async (upload) => {
      await put(call, upload, flags).catch((reason: unknown) => {
        throw toFileError(reason, nameOf(upload));
      });
    });
  });
}

async function planAll(files: readonly string[], { append, as, id, recursive }: PutFlags): Promise<readonly Upload[]> {
  if (id !== undefined && append === undefined) throw new UsageError("--id needs --append");
  if (append !== undefined) {
    assertAppend(append, id);
    const uploads = await planAppends(files, { folder: append, recursive });
    if (id === undefined || uploads.length === 1) return uploads;
    throw new UsageError("--id identifies one append; put one file with it");
  }
  return recursive ? await planFolderUploads(files, as) : planUploads(files, { as });
}

/** Refuses what the server would refuse in words about the file's whole name. */
function assertAppend(folder: string, id: string | undefined): void {
  if (folder.includes("*")) throw new UsageError(`--append takes the name of one folder; not ${folder}`);
  try {
    if (id !== undefined) appendedName("folder", id);
  } catch (reason) {
    throw new UsageError(`--id: ${(reason as Error).message}`, { cause: reason });
  }
}

async function put({ client, signal }: ClientCall, { path, name }: Upload, flags: PutFlags): Promise<void> {
  await using input = await openInput(path, signal);
  const { rows, bytes } = input.total;
  const unit = rows === undefined ? "bytes" : "rows";
  using bar = await showProgress({ label: name, unit, total: rows ?? bytes, quiet: flags.quiet === true });
  let sentRowCount = rows ?? 0;
  const told: { result?: string | null } = {};
  const { rowCount, ...stored } = await client.put(name, input.chunks, {
    mode: flags.append !== undefined ? "append" : flags.create === true ? "create" : undefined,
    id: flags.id,
    rowCount: rows,
    signal,
    onTrailer: (trailer) => {
      told.result = trailer.get(putResultTrailer);
    },
    onProgress: (progress) => {
      sentRowCount = progress.rowCount;
      bar.update(unit === "rows" ? progress.rowCount : progress.byteLength);
    },
  });
  bar[Symbol.dispose]();
  const replaced = told.result === "replaced";
  if (flags.json === true) {
    console.log(JSON.stringify({ name: stored.name, rows: rowCount, ...(replaced && { replaced }) }));
    return;
  }
  if (flags.quiet === true) return;
  // The server stores nothing for an id that it has.
  const isRepeated = flags.id !== undefined && rowCount === 0 && sentRowCount > 0;
  const result = `${countWords(rowCount, "row")}${replaced ? " (replaced)" : ""}`;
  say(`${stored.name}: ${isRepeated ? "already stored" : result}`);
}
