import { fstatSync } from "node:fs";
import { lstat, readlink, realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** What a path for output is. */
export type OutputTarget =
  /** A regular file, or a new one, at the end of all symbolic links. A draft of it can be renamed to its path. */
  | {
      readonly kind: "file";
      readonly path: string;
      /** The mode of the file that is replaced. */ readonly mode?: number;
    }
  /** Standard output under another name, such as `/dev/stdout`. */
  | { readonly kind: "stdout" }
  /** A FIFO, a device or a socket. It is written to, because a rename would replace it with a file. */
  | { readonly kind: "special" };

const permissionBits = 0o7777;

/** Finds out what a path is, through symbolic links. Throws Node's error if the path cannot be followed. */
export async function findOutputTarget(path: string): Promise<OutputTarget> {
  const stats = await stat(path).catch((reason: unknown) => {
    if (reason instanceof Error && "code" in reason && reason.code === "ENOENT") return undefined;
    throw reason;
  });
  if (stats === undefined) return { kind: "file", path: await endOfLinks(path) };
  const own = fstatSync(1);
  if (stats.dev === own.dev && stats.ino === own.ino) return { kind: "stdout" };
  if (!stats.isFile()) return { kind: "special" };
  return { kind: "file", path: await realpath(path), mode: stats.mode & permissionBits };
}

/** Returns the path to which a symbolic link leads that has no file yet. The system refuses a loop of links before. */
async function endOfLinks(path: string): Promise<string> {
  const isLink = await lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
  return isLink ? await endOfLinks(resolve(dirname(path), await readlink(path))) : path;
}
