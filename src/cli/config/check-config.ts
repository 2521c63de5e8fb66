import type { Command } from "commander";
import type { AccessConfig } from "../../auth/index.ts";
import { countWords } from "../../flight/index.ts";
import { readTls } from "../read-tls.ts";
import { createAccessOf } from "./live-access.ts";
import { readSettings } from "./settings.ts";

/**
 * Checks a configuration and its files, as `hangar serve --config FILE` would read them.
 *
 * @returns a summary in one line
 * @throws UsageError with the problem
 */
export function checkConfig(path: string, serve: Command): string {
  serve.setOptionValueWithSource("config", path, "cli");
  const settings = readSettings(serve);
  readTls(settings);
  createAccessOf(settings);
  return `${path} is valid${summarize(settings.access)}`;
}

function summarize({ anonymous, tokens, users, jwt, oidc, clientCertificates, rules }: AccessConfig): string {
  const counts = [
    count(tokens, "token"),
    count(users, "user"),
    count(jwt, "JWT issuer"),
    count(oidc && [oidc], "OpenID provider"),
    count(clientCertificates?.principals, "client certificate"),
    count(rules, "rule"),
  ].filter((text) => text !== "");
  return `${counts.length === 0 ? "" : `: ${counts.join(", ")}`}; without credentials, callers may do ${describe(anonymous)}`;
}

function count(entries: readonly unknown[] = [], what: string): string {
  return entries.length === 0 ? "" : countWords(entries.length, what);
}

function describe(anonymous: "none" | "read" | "all"): string {
  return { none: "nothing", read: "nothing but read", all: "everything" }[anonymous];
}
