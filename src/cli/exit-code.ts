import { toConnectError, type FlightError } from "../flight/index.ts";

/** What the process ends with. Being ended by a second signal is 128 plus its number, as shells have it. */
export const exitCode = {
  ok: 0,
  /** It could not do what it was told: the port is taken, a file cannot be read. */
  failure: 1,
  /** It was told something that makes no sense: an unknown flag, a port that is no number. */
  usage: 2,
  /** The server does not know who calls. */
  unauthenticated: 4,
} as const;

/** Added to gRPC's number of a call's error. */
const callErrors = 64;

/** What the process ends with when a call has failed: 64 and gRPC's number of the error, so 69 for NOT_FOUND. */
export function toExitCode(error: FlightError): number {
  return error.code === "unauthenticated" ? exitCode.unauthenticated : callErrors + toConnectError(error).code;
}

/** The command makes no sense in a way that only its run shows. */
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
