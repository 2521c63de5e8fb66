import { startVitest, type Vitest } from "vitest/node";
import { ensurePrograms } from "./apt.ts";
import { runChecks, type Counts } from "./check.ts";
import { checkCompatibility } from "./compatibility.ts";
import { ensurePython } from "./python.ts";

/**
 * Runs the checks and all tests, or only the test files whose path has one of the arguments in it, and ends with
 * the line `N passed, N failed` over all of them, which CI reads. Fails where anything failed, or nothing ran.
 */
async function main(filters: string[]): Promise<void> {
  await ensurePrograms(["curl", "openssl", "chromium", "nginx"]);
  await ensurePython();
  const checked = filters.length === 0 ? await runChecks() : { passed: 0, failed: 0 };
  const vitest = await startVitest("test", filters, { watch: false });
  const tested = count(vitest);
  const documented = await checkDocument(vitest, filters);
  await vitest.close();
  const passed = checked.passed + tested.passed + documented.passed;
  const failed = checked.failed + tested.failed + documented.failed;
  process.exitCode = failed === 0 && tested.passed > 0 ? 0 : 1;
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
}

/** Checks docs/compatibility.md against what the tests gave; only a complete run has all of its results. */
async function checkDocument(vitest: Vitest, filters: readonly string[]): Promise<Counts> {
  if (filters.length > 0 && !process.env["HANGAR_WRITE_DOCS"]) return { passed: 0, failed: 0 };
  const agrees = await checkCompatibility(vitest.state.getTestModules());
  process.stdout.write(`${agrees ? "✓" : "✗"} docs/compatibility.md is what the tests gave\n`);
  return { passed: agrees ? 1 : 0, failed: agrees ? 0 : 1 };
}

/** Counts tests; a file that could not be run, and an error outside of any test, count as one that failed each. */
function count(vitest: Vitest): Counts {
  const modules = vitest.state.getTestModules();
  const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
  const broken = modules.filter((module) => module.errors().length > 0).length;
  const failed = states.filter((state) => state !== "passed").length;
  return {
    passed: states.length - failed,
    failed: failed + broken + vitest.state.getUnhandledErrors().length,
  };
}

await main(process.argv.slice(2));
