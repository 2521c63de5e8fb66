import { exitCode } from "./exit-code.ts";
import { toFileError } from "./file-error.ts";

/** The error that standard output had, such as a full disk. It has been reported. */
let failure: Error | undefined;

/**
 * Reports the first error of standard output, and lets the process fail. Node would end the process with a stack. It is
 * not an error if the reader has gone, as in `hangar --help | head -1`. Errors of standard error cannot be reported.
 */
export function watchOutput(): void {
  process.stdout.on("error", (reason: NodeJS.ErrnoException) => {
    if (reason.code === "EPIPE" || failure !== undefined) return;
    failure = reason;
    process.exitCode = exitCode.failure;
    void report(toFileError(reason, "standard output"));
  });
  process.stderr.on("error", () => {});
}

/** Returns whether a command failed because of standard output, which `watchOutput` reports. */
export function isOutputFailure(reason: unknown): boolean {
  return failure !== undefined && reason instanceof Error && (reason === failure || reason.cause === failure);
}

/** Loads the code for it only now, because hardly a command needs it. */
async function report(reason: unknown): Promise<void> {
  const { reportError } = await import("./report-error.ts");
  reportError(reason, process.argv.includes("--json"));
}
