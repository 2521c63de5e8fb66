import type { CredentialOptions } from "../client/index.ts";
import { passwordVariable, type CredentialFlags } from "./credential-flags.ts";
import { UsageError } from "./exit-code.ts";
import { readFlagFile } from "./read-flag-file.ts";

/**
 * Returns the credentials of the flags. A password that is not in an environment variable is requested on the terminal.
 *
 * @throws UsageError without the secret
 */
export async function readCredentials(flags: CredentialFlags, signal: AbortSignal): Promise<CredentialOptions> {
  const { tokenFile, user: username } = flags;
  if (username?.includes(":")) {
    throw new UsageError(`--user takes only a name; the password comes from ${passwordVariable} or a prompt`);
  }
  if (username !== undefined) {
    const stored = process.env[passwordVariable];
    if (stored !== undefined) return { username, password: stored };
    const { askPassword } = await import("./read-password.ts");
    return { username, password: await askPassword(`Password of ${username}: `, signal) };
  }
  if (tokenFile === undefined) return { token: flags.token };
  // A missing file is reported as such, and before any request to the server.
  const token = async (): Promise<string> => (await readFlagFile("--token-file", tokenFile)).toString().trim();
  await token();
  return { token };
}

/** Returns the headers of the flags. Throws a UsageError, without the value, if one is not a valid header. */
export function readHeaders({ header }: CredentialFlags): Headers {
  const headers = new Headers();
  for (const line of header) {
    const [, name = "", value = ""] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\t\x20-\x7e]*)$/.exec(line) ?? [];
    if (name === "") throw new UsageError("--header takes NAME:VALUE, in printable ASCII characters");
    headers.append(name, value);
  }
  return headers;
}
