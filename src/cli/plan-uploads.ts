import { existsSync } from "node:fs";
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

/**
 * Returns the uploads for the arguments of `hangar put`. The last of two arguments is a name, unless it is a file.
 *
 * @throws UsageError if standard input has no name, or if two files would become the same dataset
 */
export function planUploads(
  args: readonly string[],
  isFile: (path: string) => boolean = existsSync,
): readonly Upload[] {
  const [first = "", second] = args;
  if (args.length === 2 && second !== undefined && second !== "-" && (first === "-" || !isFile(second))) {
    return [{ path: toPath(first), name: second }];
  }
  if (args.includes("-")) throw new UsageError("standard input needs a name: hangar put - NAME");
  return distinct(args.map((path) => ({ path, name: toDatasetName(basename(path)) })));
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
 * name instead of it, unless it exists.
 *
 * @throws UsageError if there is no file, or if two files would become the same dataset; Error if a path cannot be read
 */
export async function planFolderUploads(args: readonly string[]): Promise<readonly Upload[]> {
  const [first = "", second] = args;
  const name = args.length === 2 && second !== undefined && !existsSync(second) ? second : undefined;
  return distinct(await findAll(name === undefined ? args : [first], name));
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
  if (!stats.isDirectory()) return [{ path, name: name ?? toDatasetName(basename(path)) }];
  const folder = name?.replace(/\/+$/, "") ?? (/^\.\/?$/.test(normalize(path)) ? "" : basename(resolve(path)));
  const files = await walkFolder(path);
  return files.map((file) => ({ path: file.path, name: folder === "" ? file.name : `${folder}/${file.name}` }));
}

function distinct<Planned extends FileUpload>(uploads: readonly Planned[]): readonly Planned[] {
  assertDistinct(uploads.map(({ path, name }) => ({ from: path, to: name })));
  return uploads;
}
