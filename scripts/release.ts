import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { releaseDate, releaseNotes } from "./changelog.ts";

/*
 * Helps the release workflow: `release.ts check TAG REPOSITORY` fails if the tag, the package and the changelog do not
 * belong together; `release.ts notes TAG` prints the changelog of the release.
 */
const root = join(import.meta.dirname, "..");
const [action, tag = "", repository = ""] = process.argv.slice(2);
const changelog = await readFile(join(root, "CHANGELOG.md"), "utf8");
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
  readonly version: string;
  readonly repository: { readonly url: string };
};

const { version } = manifest;
if (tag !== `v${version}`) throw new Error(`the tag ${tag} is not v${version}, the version in package.json`);
if (action === "notes") process.stdout.write(`${releaseNotes(changelog, version)}\n`);
else {
  // npm refuses a statement of provenance for another repository, after everything else was done.
  if (!manifest.repository.url.endsWith(`/${repository}.git`)) {
    throw new Error(`package.json names the repository ${manifest.repository.url}, not ${repository}`);
  }
  process.stdout.write(`${tag} of ${releaseDate(changelog, version)}\n`);
}
