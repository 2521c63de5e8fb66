import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "../../scripts/apt.ts";
import { readFences, toPattern } from "../docs/fences.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";

const root = join(import.meta.dirname, "../..");

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
