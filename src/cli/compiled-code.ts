import { readdirSync, rmSync, statSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { makeFolders } from "./make-folders.ts";
import { packageVersion } from "./package-version.ts";

/**
 * The maximum number of installed programs, each of one version, whose compiled code is kept. It takes 3 MB for each. When
 * one that is still used falls out, its next start is a slow one.
 */
const programsMax = 16;

/** The end of a program's path that is in the name of its folder, in characters. A name of a file has at most 255 bytes. */
const pathLengthMax = 50;

/**
 * Returns the folder for the compiled code of a program in the user's cache folder. The first start of a program creates
 * it, and removes the oldest folders of others. Undefined if there is no cache folder that can be written.
 *
 * @param path - the folder of the program
 */
export function compiledCodeFolder(path: string = import.meta.dirname): string | undefined {
  try {
    const all = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "hangar", "compiled");
    const place = path.replaceAll(/[^\p{L}\p{N}]+/gu, "-").slice(-pathLengthMax);
    const folder = join(all, `${packageVersion}${place}`);
    if (makeFolders(folder).length > 0) removeOldest(all);
    return folder;
  } catch {
    return undefined;
  }
}

/** Keeps the code that this thread compiles, so that the next start is faster. */
export function keepCompiledCode(): void {
  const folder = compiledCodeFolder();
  if (folder !== undefined) module.enableCompileCache(folder);
}

function removeOldest(all: string): void {
  const folders = readdirSync(all).map((name) => join(all, name));
  const timeOf = new Map(folders.map((folder) => [folder, statSync(folder).mtimeMs]));
  const newestFirst = folders.toSorted((a, b) => timeOf.get(b)! - timeOf.get(a)!);
  for (const folder of newestFirst.slice(programsMax)) rmSync(folder, { recursive: true, force: true });
}
