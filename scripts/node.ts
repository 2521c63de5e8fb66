import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "./apt.ts";
import { cacheFolder } from "./cache.ts";

/**
 * The path of a Node of a version, from the npm package `node`.
 *
 * The first call installs it into the user's cache folder; later calls, and other clones, find it there. Throws an
 * Error that says what failed and what it printed.
 */
export async function ensureNode(version: string): Promise<string> {
  const folder = join(cacheFolder, `node-${version}`);
  if (!existsSync(folder)) await install(version, folder);
  return join(folder, "node_modules/node/bin/node");
}

/** Installs beside the folder's place and renames, so that a half-installed one is never found. */
async function install(version: string, folder: string): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  try {
    process.stderr.write(`Installing Node ${version} into ${folder}, once.\n`);
    await mustRun("npm", ["install", "--no-audit", "--no-fund", "--prefix", draft, `node@${version}`]);
    // Another process may have been faster: then its Node stays, which is as good as this one.
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
