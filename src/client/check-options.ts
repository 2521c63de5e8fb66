import type { FileUrlOptions } from "../dataset/index.ts";
import { findSimilar, FlightError } from "../flight/index.ts";
import type { CredentialOptions } from "./credentials.ts";
import type { AppendOptions, CompactOptions, GetOptions, PutOptions, ReadingOptions } from "./dataset-options.ts";
import { timeoutMsMax } from "./limits.ts";
import type { CallOptions } from "./run-call.ts";

/** The names of all options of a method. A list that lacks one does not compile. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/** The options of `connect` that name the caller. */
export const credentialOptionNames: OptionNames<CredentialOptions> = { token: true, username: true, password: true };

/** The options of a call. */
export const callOptionNames: OptionNames<CallOptions> = {
  signal: true,
  timeoutMs: true,
  headers: true,
  onHeader: true,
  onTrailer: true,
};

/** The options of `DatasetClient.sql`. */
export const readingOptionNames: OptionNames<ReadingOptions> = { ...callOptionNames, onProgress: true };

/** The options of `DatasetClient.append`. */
export const appendOptionNames: OptionNames<AppendOptions> = { ...readingOptionNames, id: true, rowCount: true };

/** The options of `DatasetClient.put`. */
export const putOptionNames: OptionNames<PutOptions> = { ...appendOptionNames, mode: true };

/** The options of `DatasetClient.compact`. */
export const compactOptionNames: OptionNames<CompactOptions> = {
  ...callOptionNames,
  targetBytes: true,
  olderThanSeconds: true,
  sortBy: true,
  dryRun: true,
  onFile: true,
};

const partOptionNames = { columns: true, filter: true, offset: true, limit: true } as const;

/** The options of `DatasetClient.get`. */
export const getOptionNames: OptionNames<GetOptions> = { ...readingOptionNames, ...partOptionNames, endpoints: true };

/** The options of `DatasetClient.url`. */
export const fileOptionNames: OptionNames<FileUrlOptions> = {
  ...partOptionNames,
  format: true,
  version: true,
  bom: true,
  guard: true,
};

/** The options of `DatasetClient.file`. */
export const downloadOptionNames: OptionNames<FileUrlOptions & CallOptions> = {
  ...callOptionNames,
  ...fileOptionNames,
};

/**
 * Checks the options of a method, for callers without TypeScript: their names, and the types of those that all calls have.
 *
 * @throws FlightError INVALID_ARGUMENT. It does not contain values of headers, which may be secret
 */
export function checkOptions<Options extends object>(options: Options, names: OptionNames<Options>): void {
  if (typeof options !== "object" || options === null) throw invalid("the options must be an object");
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(names, name)) throw invalid(describeUnknown(name, Object.keys(names)));
    const problem = name.startsWith("on") && typeof value !== "function" ? "a function" : checks[name]?.(value);
    if (problem !== undefined) throw invalid(`the option ${name} must be ${problem}`);
  }
}

function describeUnknown(name: string, names: readonly string[]): string {
  const similar = findSimilar(name, names);
  return `there is no option ${JSON.stringify(name)}; ${similar ? `did you mean ${similar}?` : `there are ${names.join(", ")}`}`;
}

/** What the value of an option must be; undefined if it is. */
const checks: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  // A signal of another frame is an instance of that frame's class.
  signal: (value) =>
    value === null || Object.prototype.toString.call(value) === "[object AbortSignal]" ? undefined : "an AbortSignal",
  timeoutMs: (value) =>
    typeof value === "number" && value >= 0 && value <= timeoutMsMax
      ? undefined
      : `a number of milliseconds from 0 to ${timeoutMsMax}`,
  headers: (value) => (areHeaders(value) ? undefined : "Headers, or names with the text of their values"),
};

function areHeaders(value: unknown): boolean {
  try {
    return value instanceof Headers || new Headers(value as HeadersInit) instanceof Headers;
  } catch {
    return false;
  }
}

function invalid(message: string): FlightError {
  return new FlightError("invalid_argument", message);
}
