import type { Command, Option } from "commander";
import { flag } from "./options.ts";

/** The flags for credentials. */
export interface CredentialFlags {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly user?: string;
  readonly header: readonly string[];
}

/**
 * The variable with the password of `--user`. The password has no flag, because every user of a machine can see the
 * flags of its processes.
 */
export const passwordVariable = "HANGAR_PASSWORD";

const ways = ["token", "tokenFile", "user"] as const;

/** Creates the flags for credentials. */
export function credentialFlags(): Option[] {
  return [
    flag("--token <token>", "sent as a bearer token; other users can see flags, but not variables"),
    flag("--token-file <file>", "file with the token; read again when the server refuses it"),
    flag("--user <name>", `user name; the password comes from ${passwordVariable} or a prompt`),
    flag("--header <name:value>", "header of every call; may be repeated; the variable has one header per line")
      .default([] as string[], "none")
      .argParser((value: string, before: string[] | undefined) => [
        ...(before ?? []),
        ...value.split("\n").filter((line) => line !== ""),
      ]),
  ];
}

/** Removes variables that flags override. Hides secrets in flags from `ps`. Fails if there are several credentials. */
export function chooseWay(command: Command): void {
  const sources = (source: string) => ways.filter((name) => command.getOptionValueSource(name) === source);
  const [flags, variables] = [sources("cli"), sources("env")];
  const chosen = flags.length > 0 ? flags : variables;
  if (chosen.length > 1) command.error("error: give only one of --token, --token-file and --user");
  for (const name of variables) if (!chosen.includes(name)) command.setOptionValue(name, undefined);
  const isSecretShown = ["token", "header"].some((name) => command.getOptionValueSource(name) === "cli");
  if (isSecretShown) process.title = `hangar ${command.name()}`;
}
