import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "./apt.ts";
import { ensureCachedFolder, hashFolder } from "./cached-folder.ts";
import { run, type CommandResult } from "./run.ts";

const root = join(import.meta.dirname, "..");
const typedocFolder = join(import.meta.dirname, "typedoc");

/**
 * Checks that every export of the package has a doc comment, and that exports refer only to exported types. Writes no
 * files. The package must be compiled.
 */
export function checkDocs(): Promise<CommandResult> {
  return runTypedoc(["--emit", "none"]);
}

/** Runs TypeDoc over the entry points in package.json. The first call installs TypeDoc in the user's cache folder. */
async function runTypedoc(args: readonly string[]): Promise<CommandResult> {
  const folder = await ensureCachedFolder({
    name: `typedoc-${await hashFolder(typedocFolder)}`,
    title: "TypeDoc",
    async build(draft) {
      await cp(typedocFolder, draft, { recursive: true });
      await mustRun("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", draft]);
    },
  });
  return await run("node", [
    join(folder, "node_modules/typedoc/bin/typedoc"),
    "--options",
    join(typedocFolder, "typedoc.json"),
    "--plugin",
    join(folder, "plugin.js"),
    ...(await findDeclarations()).flatMap((path) => ["--entryPoints", path]),
    ...args,
  ]);
}

/** Returns the declaration file of each entry point in package.json. */
async function findDeclarations(): Promise<string[]> {
  const { exports } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string>>;
  };
  const modules = Object.values(exports).filter((path) => path.endsWith(".js"));
  return modules.map((path) => join(root, path.replace(/\.js$/, ".d.ts")));
}

if (import.meta.main) {
  const { exitCode, output } = await runTypedoc(["--out", join(root, "docs/api")]);
  process.stdout.write(output);
  process.exitCode = exitCode === 0 ? 0 : 1;
}
