import { readdir, readlink } from "node:fs/promises";
import { join } from "node:path";

/** The files below a folder that a process has open, by their path at opening; removed ones end in ` (deleted)`. */
export async function openFilesOf(pid: number, folder: string): Promise<string[]> {
  const folderOfLinks = `/proc/${pid}/fd`;
  const links = await readdir(folderOfLinks);
  // What is closed meanwhile is not open.
  const targets = await Promise.all(links.map((link) => readlink(join(folderOfLinks, link)).catch(() => "")));
  return targets.filter((target) => target.startsWith(folder));
}

/** The files below a folder, however deep, hidden ones too; paths relative to it, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
