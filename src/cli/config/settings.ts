import type { Command } from "commander";
import type { AccessConfig, AnonymousAccess } from "../../auth/index.ts";
import type { ServerLimits } from "../../server/index.ts";
import { UsageError } from "../exit-code.ts";
import type { ServeOptions } from "../serve.ts";
import { readConfigFile, type ConfigFile } from "./config-file.ts";
import type { AccessSection } from "./access-section.ts";
import { isLoopback } from "./is-loopback.ts";

/** All that `hangar serve` is told: by flags, by environment variables, and by its configuration file. */
export interface Settings {
  readonly options: ServeOptions;
  readonly access: AccessConfig;
  readonly limits: Partial<ServerLimits> | undefined;
  /** Whether everybody may do everything because nothing says otherwise; on loopback alone. */
  readonly isOpenByDefault: boolean;
  /** Files that the settings come from, or name. */
  readonly files: readonly string[];
}

/**
 * Reads the settings of `hangar serve`: flags go over environment variables, those over the file, and that over
 * defaults. May be called again, as the file may have changed.
 *
 * @throws UsageError, one line that says what is wrong
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

/** Whether everybody who reaches the server may do everything, so that nobody is asked who calls. */
export function isOpen({ access }: Settings): boolean {
  return access.anonymous === "all" && !hasCredentials(access);
}

/** The flags of the file that neither the command line nor the environment sets. */
function unsetFlags(command: Command, file: ConfigFile | undefined): Partial<ServeOptions> {
  const isUnset = ([name]: [string, unknown]): boolean =>
    [undefined, "default"].includes(command.getOptionValueSource(name));
  return Object.fromEntries(Object.entries(file?.flags ?? {}).filter(isUnset));
}

/** Whether a flag was set, wherever. */
function isSet(command: Command, file: ConfigFile | undefined): (name: keyof ServeOptions) => boolean {
  return (name) =>
    ![undefined, "default"].includes(command.getOptionValueSource(name)) || file?.flags[name] !== undefined;
}

/** An environment variable of a flag without a value says more than that it is there. */
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

/** Checks flags that say something only together, or only apart. */
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
  if (isGiven("upstream") && isGiven("repo")) throw new UsageError("--upstream and --repo do not go together");
}

/** What flags say of callers without credentials; undefined where they say nothing. */
function sayAnonymous({ allowAnonymous, anonymous }: ServeOptions): AnonymousAccess | undefined {
  if (allowAnonymous !== true) return anonymous;
  if (anonymous === undefined || anonymous === "all") return "all";
  throw new UsageError(`--allow-anonymous and --anonymous ${anonymous} contradict each other`);
}

/** Whether there is a way to show who calls. */
function hasCredentials({ tokens = [], users = [], jwt = [], clientCertificates }: AccessSection = {}): boolean {
  return [...tokens, ...users, ...jwt].length > 0 || clientCertificates !== undefined;
}

function openToOthers(host: string): string {
  const problem = `--host ${host} lets other machines call, and nothing says who may`;
  return `${problem}: configure access by --config (docs/config.md), or allow everybody by --allow-anonymous`;
}
