import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkDocs } from "./docs.ts";
import { run, type CommandResult } from "./run.ts";

/** What every change must pass besides the tests, each by its command or by a comparison of our own. */
const checks: readonly { readonly title: string; readonly run: () => Promise<CommandResult> }[] = [
  { title: "the sources compile, each folder importing only what it may", run: () => run("tsc", ["-b"]) },
  { title: "every export is documented, and refers only to exports", run: checkDocs },
  { title: "tests, scripts and bench compile", run: () => run("tsc", ["-p", "test"]) },
  { title: "the web app compiles", run: () => run("tsc", ["-p", "web"]) },
  { title: "lint", run: () => run("oxlint", ["--type-aware", "--deny-warnings"]) },
  { title: "format", run: () => run("prettier", ["--check", "--log-level", "warn", "."]) },
  { title: "lint of proto", run: () => run("buf", ["lint"]) },
  { title: "src/gen is what `npm run generate` makes of proto", run: compareGenerated },
];

/** How many checks passed, and how many did not. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Runs all checks and prints one line for each, with what it printed where it failed. */
export async function runChecks(): Promise<Counts> {
  let failed = 0;
  for (const check of checks) {
    const { exitCode, output } = await check.run();
    process.stdout.write(`${exitCode === 0 ? "✓" : "✗"} ${check.title}\n`);
    if (exitCode === 0) continue;
    failed += 1;
    process.stdout.write(output);
  }
  return { passed: checks.length - failed, failed };
}

/** Generates beside the tree, so that a check changes nothing, and names the files that differ. */
async function compareGenerated(): Promise<CommandResult> {
  const folder = await mkdtemp(join(tmpdir(), "hangar-generate-"));
  try {
    const generated = await run("buf", ["generate", "--output", folder]);
    if (generated.exitCode !== 0) return generated;
    const [actual, expected] = await Promise.all([readGenerated("."), readGenerated(folder)]);
    const names = new Set([...actual.keys(), ...expected.keys()]);
    const different = [...names].filter((name) => actual.get(name) !== expected.get(name));
    return { exitCode: different.length, output: different.map((name) => `src/gen/${name} differs\n`).join("") };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readGenerated(root: string): Promise<Map<string, string>> {
  const folder = join(root, "src/gen");
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".ts"));
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );
}

if (import.meta.main) {
  const { failed } = await runChecks();
  process.exitCode = failed === 0 ? 0 : 1;
}
