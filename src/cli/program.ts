import { CommanderError } from "commander";
import { createProgram } from "./create-program.ts";
import { exitCode } from "./exit-code.ts";
import { isOutputFailure, watchOutput } from "./watch-output.ts";

// Environment variables contain passwords and tokens. An operator may send a report of Node to others.
process.report.excludeEnv = true;

watchOutput();

try {
  await createProgram().parseAsync();
} catch (reason) {
  // Commander has already printed the error or the requested help.
  if (reason instanceof CommanderError) process.exitCode = reason.exitCode === 0 ? exitCode.ok : exitCode.usage;
  else if (!isOutputFailure(reason)) {
    const { reportError } = await import("./report-error.ts");
    process.exitCode = reportError(reason, process.argv.includes("--json"));
  }
}
