import { CommanderError } from "commander";
import { createProgram } from "./create-program.ts";
import { exitCode } from "./exit-code.ts";

// Environment variables contain passwords and tokens. An operator may send a report of Node to others.
process.report.excludeEnv = true;

// Node would end the process with a stack if the reader of its output has gone, as in `hangar --help | head -1`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (reason: NodeJS.ErrnoException) => {
    if (reason.code !== "EPIPE") throw reason;
  });
}

try {
  await createProgram().parseAsync();
} catch (reason) {
  // Commander has already printed the error or the requested help.
  if (reason instanceof CommanderError) process.exitCode = reason.exitCode === 0 ? exitCode.ok : exitCode.usage;
  else {
    const { reportError } = await import("./report-error.ts");
    process.exitCode = reportError(reason, process.argv.includes("--json"));
  }
}
