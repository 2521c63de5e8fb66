import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "../../scripts/apt.ts";
import { readFences, toPattern } from "../docs/fences.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";

const root = join(import.meta.dirname, "../..");

const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { engines: { node: string } };

/** The oldest Node that package.json lets in. */
export const oldestNode: string = engines.node.replace(/^>=([\d.]+)$/, "$1.0");

/** Returns what the package says on an older Node. */
export function tooOld(version: string): string {
  return `hangar: Node ${engines.node.slice(2)} or newer is needed; this is Node ${version}\n`;
}

/** What docs/client.md says that the recipe prints. */
export const recipeOutput: RegExp = toPattern(
  readFences("docs/client.md").find(({ language }) => language === "text")?.text ?? "",
);

/** The package as npm would publish it. */
export interface PackedPackage extends TemporaryFolder {
  readonly tarball: string;
}

/** Packs what `npm run build` made. */
export async function packPackage(): Promise<PackedPackage> {
  const folder = await createTemporaryFolder();
  await mustRun("npm", ["pack", root, "--ignore-scripts", "--pack-destination", folder.path]);
  const [name = ""] = await readdir(folder.path);
  return { ...folder, tarball: join(folder.path, name) };
}

/** Installs packages, each a name or a tarball, into a folder without asking the registry for what npm has in its cache. */
export async function installPackages(folder: string, ...packages: readonly string[]): Promise<void> {
  await mustRun("npm", ["install", "--prefix", folder, "--prefer-offline", "--no-audit", "--no-fund", ...packages]);
}
