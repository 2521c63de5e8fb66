import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createProgram } from "../src/cli/create-program.ts";
import { toManPage } from "../src/cli/help/man-page.ts";
import { packageVersion } from "../src/cli/package-version.ts";
import { releaseDate } from "./changelog.ts";

/** Makes `dist/hangar.1`, the manual page, from the help of the command line. */
const root = join(import.meta.dirname, "..");
const date = releaseDate(await readFile(join(root, "CHANGELOG.md"), "utf8"), packageVersion);
await writeFile(join(root, "dist/hangar.1"), toManPage(createProgram(), { version: packageVersion, date }));
