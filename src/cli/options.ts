import { InvalidArgumentError, Option } from "commander";
import { UsageError } from "./exit-code.ts";

/** Creates a flag. It can also be set with an environment variable: `HANGAR_` and its name. */
export function flag(flags: string, description: string): Option {
  const name = /^--([a-z0-9-]+)/.exec(flags)?.[1] ?? "";
  return new Option(flags, description).env(`HANGAR_${name.replaceAll("-", "_").toUpperCase()}`);
}

/**
 * A flag that names a file or a folder. In a configuration file, it is relative to that file; the URL of a bucket is
 * not.
 */
export class PathOption extends Option {}

/** Creates a flag that names a file or a folder. It can also be set with an environment variable. */
export function pathFlag(flags: string, description: string): PathOption {
  const { envVar } = flag(flags, description);
  return new PathOption(flags, description).env(envVar ?? "");
}

/**
 * Creates a flag with several values: separated by commas, or by repeating the flag.
 *
 * @param parse - validates each value
 */
export function list(flags: string, description: string, parse: (value: string) => string = (value) => value): Option {
  return flag(flags, description)
    .default([] as string[])
    .argParser((value: string, before: string[]) => [
      ...before,
      ...value
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== "")
        .map(parse),
    ]);
}

/** Validates a Flight location: a scheme, a host and a port. */
export function parseLocation(value: string): string {
  assertNoCredentials(value);
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^\s/]+$/i.test(value)) {
    throw new InvalidArgumentError("It must be a scheme, a host and a port, such as grpc+tcp://flights.example:8815.");
  }
  return value;
}

/** Asserts that a URL contains no user name and no password. Commander would repeat them in its message. */
export function assertNoCredentials(url: string): void {
  if (/^[^/]*\/\/[^/]*@/.test(url)) throw new UsageError("a URL must not contain a user name or a password");
}
