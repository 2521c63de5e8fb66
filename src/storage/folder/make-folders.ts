import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf } from "./system-error.ts";

/**
 * Creates a folder and those above it, where they do not exist. The option `recursive` of Node's `mkdir` never ends in a
 * folder such as `/proc`, which exists and says ENOENT.
 *
 * @throws Error of Node
 */
export async function makeFolders(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await makeFolders(dirname(path));
  try {
    await mkdir(path);
  } catch (reason) {
    // Another server may have created it meanwhile.
    if (errnoOf(reason) !== "EEXIST" || !(await isFolder(path))) throw reason;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
