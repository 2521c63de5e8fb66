import { join } from "node:path";
import { mustRun } from "./apt.ts";
import { ensureCachedFolder } from "./cached-folder.ts";

/**
 * Returns the path of a version of Node, from the npm package `node`. The first call installs it in the user's cache
 * folder. Throws an Error with the step that failed and its output.
 */
export async function ensureNode(version: string): Promise<string> {
  const folder = await ensureCachedFolder({
    name: `node-${version}`,
    title: `Node ${version}`,
    async build(draft) {
      await mustRun("npm", ["install", "--no-audit", "--no-fund", "--prefix", draft, `node@${version}`]);
    },
  });
  return join(folder, "node_modules/node/bin/node");
}
