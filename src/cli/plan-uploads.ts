import { existsSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, normalize, resolve } from "node:path";
import { assertDistinct } from "./assert-distinct.ts";
import { UsageError } from "./exit-code.ts";
import { toFileError } from "./file-error.ts";
import { toDatasetName, walkFolder } from "./walk-folder.ts";

/** A file for a put, and the name of its dataset. */
export interface Upload {
  /** Undefined for standard input. */
  readonly path: string | undefined;
  readonly name: string;
}

type FileUpload = Upload & { readonly path: string };

/** What a path of this machine is; undefined if nothing is there. */
export type PathKind = "file" | "folder" | undefined;

/**
 * Returns the uploads for the arguments of `hangar put`. The last of two arguments is a name, unless it is a file. If it
 * looks like a file and is none, it is refused: it would be a file or a name, depending on what is in the folder. A last
 * argument that ends with `/` is a folder of the server, in which files keep their names.
 *
 * @param options - `as` is the name for the only argument, or its folder if it ends with `/`
 * @throws UsageError if standard input has no name, if an argument is a folder of this machine, if a name looks like a
 * file or if two files would become the same dataset
 */
export function planUploads(
  args: readonly string[],
  { as, kindOf = kindOfPath }: { readonly as?: string | undefined; readonly kindOf?: (path: string) => PathKind } = {},
): readonly Upload[] {
  const [first = "", second = ""] = args;
  assertOneFor(as, args);
  const last = args.at(-1) ?? "";
  const isFolder = args.length > 1 && last.endsWith("/") && kindOf(last) === undefined;
  const isNamed = !isFolder && args.length === 2 && second !== "-" && (first === "-" || kindOf(second) === undefined);
  const paths = isFolder ? args.slice(0, -1) : isNamed ? [first] : args;
  const folder = paths.find((path) => path !== "-" && kindOf(path) === "folder");
  if (folder !== undefined) {
    const asName =
      args.length === 2 && folder === second ? `; to store ${first} under this name, write --as ${second}` : "";
    throw new UsageError(`${folder} is a folder; for the files in it, add -r${asName}`);
  }
  if (isNamed) {
    if (first !== "-") assertName(second, first);
    return [{ path: toPath(first), name: second }];
  }
  const target = isFolder ? last : as;
  if (target !== undefined && !target.endsWith("/")) return [{ path: toPath(first), name: target }];
  if (paths.includes("-")) throw new UsageError(`standard input needs a name: hangar put - ${target ?? ""}NAME`);
  return distinct(paths.map((path) => ({ path, name: nameIn(target, path) })));
}

/** Returns the name for a file: the given one, or its own, in a folder that ends with `/`. */
function nameIn(target: string | undefined, path: string): string {
  if (target !== undefined && !target.endsWith("/")) return target;
  return `${target ?? ""}${toDatasetName(basename(path))}`;
}

function kindOfPath(path: string): PathKind {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch {
    return undefined;
  }
}

function assertOneFor(as: string | undefined, args: readonly string[]): void {
  if (as !== undefined && args.length > 1)
    throw new UsageError(`--as is the name for one file, not for ${args.length}`);
}

/** Refuses a name that the caller may have meant as a second file. */
function assertName(name: string, source: string): void {
  if (!/\.(parquet|arrows?|feather|ipc)$/i.test(name)) return;
  throw new UsageError(`${name}: there is no such file; to store ${source} under this name, write --as ${name}`);
}

/**
 * Returns the uploads for the arguments of `hangar put --append`: files, which all have the name of the folder that they
 * are appended to, and for `recursive` also the files in folders.
 *
 * @throws UsageError if there is no file; Error if a path cannot be read
 */
export async function planAppends(
  args: readonly string[],
  { folder, recursive = false }: { readonly folder: string; readonly recursive?: boolean | undefined },
): Promise<readonly Upload[]> {
  const paths = recursive ? (await findAll(args)).map(({ path }) => path) : args;
  return paths.map((path) => ({ path: toPath(path), name: folder }));
}

/**
 * Returns the uploads for the arguments of `hangar put -r`: files, and folders with all Parquet and Arrow files in them
 * and below. The names of datasets start with the name of the folder, but not for `.`. The last of two arguments is a
 * name instead of it, unless it exists. `as` is this name for the only argument.
 *
 * @throws UsageError if there is no file, if a name looks like a file, or if two files would become the same dataset; Error if a path cannot be read
 */
export async function planFolderUploads(args: readonly string[], as?: string): Promise<readonly Upload[]> {
  const [first = "", second = ""] = args;
  assertOneFor(as, args);
  const isNamed = args.length === 2 && !existsSync(second);
  if (isNamed) assertName(second, first);
  return distinct(await findAll(isNamed ? [first] : args, isNamed ? second : as));
}

/** Returns the standard input's path for `-`, which is undefined. */
function toPath(arg: string): string | undefined {
  return arg === "-" ? undefined : arg;
}

async function findAll(paths: readonly string[], name?: string): Promise<FileUpload[]> {
  const uploads: FileUpload[] = [];
  for (const path of paths) uploads.push(...(await findUploads(path, name)));
  if (uploads.length === 0) throw new UsageError(`${paths.join(", ")}: there are no Parquet or Arrow files`);
  return uploads;
}

async function findUploads(path: string, name: string | undefined): Promise<FileUpload[]> {
  const stats = await stat(path).catch((reason: unknown) => {
    throw toFileError(reason, path);
  });
  if (!stats.isDirectory()) return [{ path, name: nameIn(name, path) }];
  const folder = name?.replace(/\/+$/, "") ?? (/^\.\/?$/.test(normalize(path)) ? "" : basename(resolve(path)));
  const files = await walkFolder(path);
  return files.map((file) => ({ path: file.path, name: folder === "" ? file.name : `${folder}/${file.name}` }));
}

function distinct<Planned extends FileUpload>(uploads: readonly Planned[]): readonly Planned[] {
  assertDistinct(uploads.map(({ path, name }) => ({ from: path, to: name })));
  return uploads;
}
