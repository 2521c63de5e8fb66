import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { whileLocked } from "./while-locked.ts";

/** A folder with tools in the user's cache folder. */
export interface CachedFolder {
  /** The name of the folder. It includes the version, or a hash of everything that the content depends on. */
  readonly name: string;
  /** The content, for messages, such as `Node 22.15.0`. */
  readonly title: string;
  /** Fills a new folder. */
  readonly build: (folder: string) => Promise<void>;
}

/**
 * Returns the path of a folder that is built on first use. Later calls find it there, also from other clones. A call during
 * the build waits for it, also in another process.
 *
 * The folder is built beside its place and then renamed, so that nobody finds a part of it. Throws an Error with the step
 * that failed and its output.
 */
export async function ensureCachedFolder({ name, title, build }: CachedFolder): Promise<string> {
  const folder = join(cacheFolder, name);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  await whileLocked(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const draft = await mkdtemp(`${folder}-`);
    try {
      process.stderr.write(`Installing ${title} into ${folder}, once.\n`);
      await build(draft);
      await rename(draft, folder).catch((reason: unknown) => {
        // Another process has built the same.
        if (!existsSync(folder)) throw reason;
      });
    } catch (reason) {
      throw new Error(`${title} could not be installed`, { cause: reason });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  });
  return folder;
}

/** Returns a hash of the names and contents of all files in a folder. */
export async function hashFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash("sha256");
  for (const file of files.sort()) hash.update(file.slice(folder.length)).update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}
