import type { Command } from "commander";
import type { AccessConfig, AnonymousAccess } from "../../auth/index.ts";
import type { ServerLimits } from "../../server/index.ts";
import { isBucketUrl } from "../../storage/index.ts";
import { UsageError } from "../exit-code.ts";
import type { ServeOptions } from "../serve.ts";
import { readConfigFile, type ConfigFile } from "./config-file.ts";
import type { AccessSection } from "./access-section.ts";
import { isLoopback } from "./is-loopback.ts";

/** All settings of `hangar serve`: from flags, environment variables and the configuration file. */
export interface Settings {
  readonly options: ServeOptions;
  readonly access: AccessConfig;
  readonly limits: Partial<ServerLimits> | undefined;
  /** Whether anonymous callers have all rights by default. This is the default only on loopback. */
  readonly isOpenByDefault: boolean;
  /** The files that the settings come from, or that they name. */
  readonly files: readonly string[];
}

/**
 * Reads the settings of `hangar serve`. Flags have priority over environment variables, then the file, then defaults.
 * It may be called again after the file has changed.
 *
 * @throws UsageError with the problem in one line
 */
export function readSettings(command: Command): Settings {
  const given = command.opts<ServeOptions>();
  const file = given.config === undefined ? undefined : readConfigFile(given.config, command.options);
  const options = { ...given, ...readSwitches(command), ...unsetFlags(command, file) };
  assertTogether(options, isSet(command, file));
  const said = sayAnonymous(options);
  const isOpenByDefault = said === undefined && !hasCredentials(file?.access);
  if (isOpenByDefault && !isLoopback(options.host)) throw new UsageError(openToOthers(options.host));
  const access = { ...file?.access, anonymous: said ?? (isOpenByDefault ? "all" : "none") };
  const { config, tlsCert, tlsKey } = options;
  const files = [config, ...(file?.referenced ?? []), tlsCert, tlsKey].filter((path) => path !== undefined);
  return { options, access, limits: file?.limits, isOpenByDefault, files };
}

/** Returns whether every caller has all rights, so that there is no authentication. */
export function isOpen({ access }: Settings): boolean {
  return access.anonymous === "all" && !hasCredentials(access);
}

/** Returns the flags in the file that are set neither on the command line nor in the environment. */
function unsetFlags(command: Command, file: ConfigFile | undefined): Partial<ServeOptions> {
  const isUnset = ([name]: [string, unknown]): boolean =>
    [undefined, "default"].includes(command.getOptionValueSource(name));
  return Object.fromEntries(Object.entries(file?.flags ?? {}).filter(isUnset));
}

/** Returns a function that checks whether a flag was set in any way. */
function isSet(command: Command, file: ConfigFile | undefined): (name: keyof ServeOptions) => boolean {
  return (name) =>
    ![undefined, "default"].includes(command.getOptionValueSource(name)) || file?.flags[name] !== undefined;
}

/** Reads the switches in environment variables, which must have boolean values. */
function readSwitches(command: Command): Readonly<Record<string, boolean>> {
  const values: Record<string, boolean> = {};
  for (const option of command.options) {
    const name = option.attributeName();
    if (!option.isBoolean() || command.getOptionValueSource(name) !== "env") continue;
    const text = process.env[option.envVar ?? ""] ?? "";
    if (!["1", "true", "0", "false", ""].includes(text)) throw new UsageError(`${option.envVar} must be true or false`);
    values[name] = ["1", "true"].includes(text);
  }
  return values;
}

/** Checks flags that require or exclude each other. */
function assertTogether(options: ServeOptions, isGiven: (name: keyof ServeOptions) => boolean): void {
  const { tlsCert, tlsKey, upstreamCert, upstreamKey } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError("--tls-cert and --tls-key must be given together");
  }
  if ((upstreamCert === undefined) !== (upstreamKey === undefined)) {
    throw new UsageError("--upstream-cert and --upstream-key must be given together");
  }
  if (options.upstreamTokenFile !== undefined && options.upstreamCredentials === "forward") {
    throw new UsageError("--upstream-token-file takes the place of callers' credentials, which are to be forwarded");
  }
  const s3Flag = (["s3Endpoint", "s3Region", "s3PathStyle", "s3ListWithin", "redirectDownloads"] as const).find(
    (name) => isGiven(name),
  );
  if (s3Flag !== undefined && !isBucketUrl(options.repo))
    throw new UsageError(`${flagNameOf(s3Flag)} needs --repo s3://…`);
  if (isGiven("upstream") && isGiven("repo")) throw new UsageError("--upstream and --repo do not go together");
}

/** Returns the flag of an attribute: `--s3-region` for `s3Region`. */
function flagNameOf(attribute: string): string {
  return `--${attribute.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Returns the rights of anonymous callers in the flags; undefined if there are none. */
function sayAnonymous({ allowAnonymous, anonymous }: ServeOptions): AnonymousAccess | undefined {
  if (allowAnonymous !== true) return anonymous;
  if (anonymous === undefined || anonymous === "all") return "all";
  throw new UsageError(`--allow-anonymous and --anonymous ${anonymous} contradict each other`);
}

/** Returns whether the configuration has any way to authenticate. */
function hasCredentials({ tokens = [], users = [], jwt = [], oidc, clientCertificates }: AccessSection = {}): boolean {
  return [...tokens, ...users, ...jwt].length > 0 || clientCertificates !== undefined || oidc !== undefined;
}

function openToOthers(host: string): string {
  const problem = `--host ${host} lets other machines call, and nothing says who may`;
  return `${problem}: configure access by --config (docs/config.md), or allow everybody by --allow-anonymous`;
}
