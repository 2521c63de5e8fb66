import { setImmediate } from "node:timers/promises";
import { compileGlob, fixedPrefixOf, type DatasetName } from "../../dataset/index.ts";
import { FlightError } from "../../flight/index.ts";
import { throwIfAborted, type CallContext } from "../../producer/index.ts";
import type { FileVersion, ListedFile, Storage } from "../../storage/index.ts";
import { folderFileCountMax, listingConcurrencyMax } from "../limits.ts";
import { mapInOrder } from "../map-in-order.ts";

/** A file of a folder, in one version. */
export interface FileOfFolder {
  readonly name: DatasetName;
  readonly version: FileVersion;
}

/** The caller, as far as a listing depends on it. */
export type FolderCall = Pick<CallContext, "mayRead" | "signal">;

/**
 * Lists the files that a pattern stands for and that the caller may read, in the order of their names. As in Hive and
 * pyarrow, a file or a folder whose name starts with `_` is no data, such as `_SUCCESS`.
 *
 * @throws FlightError RESOURCE_EXHAUSTED if there are too many
 */
export async function listFolder(storage: Storage, pattern: DatasetName, call: FolderCall): Promise<ListedFile[]> {
  const prefix = fixedPrefixOf(pattern);
  const isWanted = selector(pattern, prefix, call);
  const files: ListedFile[] = [];
  for await (const file of storage.list({ prefix, after: "" })) {
    const wanted = isWanted(file.name);
    if (!(typeof wanted === "boolean" ? wanted : await wanted)) continue;
    throwIfAborted(call.signal);
    if (files.length === folderFileCountMax) {
      const words = `more than ${folderFileCountMax} datasets match the pattern, the maximum that is read as one`;
      throw new FlightError("resource_exhausted", words);
    }
    files.push(file);
  }
  return files;
}

/** Reads the versions of listed files. Those that no longer exist are left out. */
export async function readVersions(storage: Storage, listed: readonly ListedFile[]): Promise<FileOfFolder[]> {
  const files: FileOfFolder[] = [];
  for await (const file of mapInOrder(inTurns(listed), listingConcurrencyMax, (each) => toVersioned(storage, each))) {
    if (file) files.push(file);
  }
  return files;
}

/** The number of files whose status is read before other calls get their turn. */
const filesPerTurn = 64;

async function* inTurns<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  for (const [i, item] of items.entries()) {
    if (i % filesPerTurn === filesPerTurn - 1) await setImmediate();
    yield item;
  }
}

function selector(pattern: DatasetName, prefix: string, { mayRead }: FolderCall) {
  const matches = compileGlob(pattern);
  const folderLength = prefix.lastIndexOf("/") + 1;
  const isNoData = (name: string): boolean => /(?:^|\/)_/.test(name.slice(folderLength));
  return (name: DatasetName): boolean | Promise<boolean> =>
    matches(name) && !isNoData(name) && (mayRead === undefined || mayRead(name));
}

async function toVersioned(storage: Storage, file: ListedFile): Promise<FileOfFolder | undefined> {
  const { name } = file;
  if (file.version) return { name, version: file.version };
  try {
    const version = file.stat ? await file.stat() : await storage.stat(name);
    return version && { name, version };
  } catch (reason) {
    // It was dropped after it was listed.
    if (reason instanceof FlightError && reason.code === "not_found") return undefined;
    throw reason;
  }
}
