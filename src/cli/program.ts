import { CommanderError } from "commander";
import { createProgram } from "./create-program.ts";
import { exitCode, UsageError } from "./exit-code.ts";
import { hasUtf8Arguments } from "./utf8-arguments.ts";
import { isOutputFailure, watchOutput } from "./watch-output.ts";

// Environment variables contain passwords and tokens. An operator may send a report of Node to others.
process.report.excludeEnv = true;

watchOutput();

try {
  if (!hasUtf8Arguments()) {
    throw new UsageError(
      "an argument is not UTF-8; rename the file, or pass it through a pipe: hangar put - NAME <FILE",
    );
  }
  await createProgram().parseAsync();
} catch (reason) {
  // Commander has already printed the error or the requested help.
  if (reason instanceof CommanderError) process.exitCode = reason.exitCode === 0 ? exitCode.ok : exitCode.usage;
  else if (!isOutputFailure(reason)) {
    const { reportError } = await import("./report-error.ts");
    process.exitCode = reportError(reason, process.argv.includes("--json"));
  }
}
