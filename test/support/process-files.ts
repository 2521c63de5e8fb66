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
  const paths: string[] = [];
  const look = async (parent: string): Promise<void> => {
    for (const entry of await readdir(parent, { withFileTypes: true }).catch(emptyIfMissing)) {
      const path = join(parent, entry.name);
      if (entry.isDirectory()) await look(path);
      else if (entry.isFile()) paths.push(path.slice(folder.length + 1));
    }
  };
  await look(folder);
  return paths.sort();
}

/** A folder that a server removes meanwhile has no files. */
function emptyIfMissing(reason: NodeJS.ErrnoException): [] {
  if (reason.code === "ENOENT") return [];
  throw reason;
}
