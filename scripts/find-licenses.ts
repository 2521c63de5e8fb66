import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Returns the licenses of the packages in a bundle, which their authors ask to keep with their code.
 *
 * @param moduleIds - the paths of the bundle's modules
 */
export async function findLicenses(moduleIds: Iterable<string>): Promise<string> {
  const folders = new Set<string>();
  for (const id of moduleIds) {
    const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  const texts = await Promise.all([...folders].toSorted().map(describePackage));
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

async function describePackage(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license?: string;
  };
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return [`${name} ${version}, ${license ?? "license below"}\n`, ...texts].join("\n");
}
