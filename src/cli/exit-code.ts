/** The exit codes of the process. A second signal ends it with 128 plus the number of the signal, as in shells. */
export const exitCode = {
  ok: 0,
  /** The command failed: the port is in use, or a file cannot be read. */
  failure: 1,
  /** The arguments are wrong: an unknown flag, or a port that is not a number. */
  usage: 2,
  /** The caller is not authenticated. */
  unauthenticated: 4,
} as const;

/** The arguments are wrong in a way that is detected only when the command runs. */
export class UsageError extends Error {}

/** A signal has ended the process's work. */
export class Interrupted extends Error {
  readonly exitCode: number;

  /** @param signalNumber - 2 for SIGINT, 15 for SIGTERM */
  constructor(signalNumber: number) {
    super("interrupted");
    this.exitCode = 128 + signalNumber;
  }
}

/** Some of several items have failed. Their own errors have been reported. */
export class PartialFailure extends Error {
  /** The error that decides the exit code. */
  readonly first: unknown;

  constructor(failures: readonly unknown[], message: string) {
    super(message);
    this.first = failures[0];
  }
}
