import { mkdirSync, rmdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Creates a folder and those above it. The option `recursive` of Node's `mkdir` never ends in a folder such as `/proc`,
 * which exists and says ENOENT.
 *
 * @returns the folders that did not exist, the outermost first
 * @throws Error of Node
 */
export function makeFolders(path: string): string[] {
  try {
    mkdirSync(path);
    return [path];
  } catch (reason) {
    const code = reason instanceof Error && "code" in reason ? reason.code : undefined;
    if (code === "EEXIST" && isFolder(path)) return [];
    if (code !== "ENOENT" || dirname(path) === path) throw reason;
    const above = makeFolders(dirname(path));
    if (above.length === 0) throw reason;
    return [...above, ...makeFolders(path)];
  }
}

/** Removes folders that are empty, the last one first. */
export function removeEmptyFolders(paths: readonly string[]): void {
  try {
    for (const path of paths.toReversed()) rmdirSync(path);
  } catch {
    // Something is in it, and so in the folders above it.
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
