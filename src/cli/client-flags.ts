import { InvalidArgumentError, Option, type Command } from "commander";
// Not from the folder's index, because that loads the client for each command.
import { toServerUrl } from "../client/server-url.ts";
import { chooseWay, credentialFlags, type CredentialFlags } from "./credential-flags.ts";
import { clientFlagsHeading } from "./help/help-layout.ts";
import { assertNoCredentials, flag } from "./options.ts";

/** The flags of every command that calls a server. */
export interface ClientFlags extends CredentialFlags {
  readonly url: string;
  readonly tlsCa?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Adds a command that calls a server. */
export function addClientCommand(program: Command, signature: string, description: string): Command {
  const command = program.command(signature).description(description).allowExcessArguments(false);
  for (const option of clientFlags()) command.addOption(option);
  return command.hook("preAction", (_program, action) => chooseWay(action));
}

/**
 * Removes empty variables of a command that calls a server, such as those of a compose file, so that they count as unset.
 * Commander reads the variables when it parses the flags.
 */
export function ignoreEmptyVariables({ options }: Command): void {
  if (!options.some(({ long }) => long === "--url")) return;
  for (const { envVar } of options) if (envVar && process.env[envVar] === "") delete process.env[envVar];
}

/** Creates the flags of every command that calls a server. */
export function clientFlags(): Option[] {
  return [
    flag("--url <url>", "the Flight server").default("http://localhost:8815").argParser(parseUrl),
    ...credentialFlags(),
    flag("--tls-ca <file>", "additional trusted certificates, in PEM"),
    new Option("--quiet", "print only data and errors"),
    new Option("--json", "data, without --format, and errors as JSON"),
  ].map((option) => option.helpGroup(clientFlagsHeading));
}

/**
 * Returns the address of a server unchanged.
 *
 * @throws InvalidArgumentError if it is not valid; UsageError, which does not repeat it, if it has credentials
 */
export function parseUrl(value: string): string {
  assertNoCredentials(value);
  if (toServerUrl(value) !== null) return value;
  const [hostAndPort] = /^[\w.-]+:\d+$/.exec(value) ?? [];
  throw new InvalidArgumentError(
    hostAndPort === undefined
      ? "It must be an address such as grpc://localhost:8815."
      : `Did you mean grpc://${hostAndPort}?`,
  );
}
