import { readFile } from "node:fs/promises";
import { InvalidArgumentError, Option, type Command } from "commander";
import { connect } from "../client-node/index.ts";
import { parseServerUrl, type CredentialOptions, type DatasetClient } from "../client/index.ts";
import {
  chooseWay,
  credentialFlags,
  readCredentials,
  readHeaders,
  type CredentialFlags,
} from "./client-credentials.ts";
import { Interrupted } from "./exit-code.ts";
import { clientFlagsHeading } from "./help/help-layout.ts";
import { assertNoCredentials, flag } from "./options.ts";
import { tuneHeap } from "./tune-memory.ts";

/** The flags of every command that calls a server. */
export interface ClientFlags extends CredentialFlags {
  readonly url: string;
  readonly tlsCa?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** A server, and a signal that ends the calls. */
export interface ClientCall {
  readonly client: DatasetClient;
  /** The server's address, with the scheme `http:` or `https:`. */
  readonly url: URL;
  /** Aborts when the process receives SIGINT or SIGTERM. The reason is an `Interrupted`. */
  readonly signal: AbortSignal;
  /** Returns a client of another server, such as one that an endpoint names. It does not get the credentials of `client`. */
  readonly clientOf: (url: URL, credentials?: CredentialOptions) => DatasetClient;
}

/** Adds a command that calls a server. */
export function addClientCommand(program: Command, signature: string, description: string): Command {
  const command = program.command(signature).description(description).allowExcessArguments(false);
  for (const option of clientFlags()) command.addOption(option);
  return command.hook("preAction", (_program, action) => chooseWay(action));
}

/** Creates the flags of every command that calls a server. */
export function clientFlags(): Option[] {
  return [
    flag("--url <url>", "the Flight server").default("http://localhost:8815").argParser(parseUrl),
    ...credentialFlags(),
    flag("--tls-ca <file>", "additional trusted certificates, in PEM"),
    new Option("--quiet", "print only data and errors"),
    new Option("--json", "data and errors as JSON"),
  ].map((option) => option.helpGroup(clientFlagsHeading));
}

/**
 * Returns the address of a server unchanged.
 *
 * @throws InvalidArgumentError if it is not valid; UsageError, which does not repeat it, if it has credentials
 */
export function parseUrl(value: string): string {
  assertNoCredentials(value);
  try {
    parseServerUrl(value);
    return value;
  } catch {
    throw new InvalidArgumentError("It must be an address such as grpc://localhost:8815.");
  }
}

/**
 * Runs a command with a client. The first SIGINT or SIGTERM cancels its calls; a second one ends the process.
 *
 * @throws errors of `run`; Interrupted after a signal
 */
export async function callServer(flags: ClientFlags, run: (call: ClientCall) => Promise<void>): Promise<void> {
  tuneHeap();
  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = (_name: string, signalNumber: number): void => {
    if (signal.aborted) process.exit(128 + signalNumber);
    stopping.abort(new Interrupted(signalNumber));
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  const tls = flags.tlsCa === undefined ? undefined : { ca: await readFile(flags.tlsCa) };
  const clients: DatasetClient[] = [];
  const open = (url: URL, options: Parameters<typeof connect>[1]): DatasetClient => {
    const client = connect(url, options);
    clients.push(client);
    return client;
  };
  const url = parseServerUrl(flags.url);
  try {
    const own = { tls, headers: readHeaders(flags), ...(await readCredentials(flags, signal)) };
    await run({
      client: open(url, own),
      url,
      signal,
      clientOf: (other, credentials) => open(other, { ...credentials, tls }),
    });
  } catch (reason) {
    throw signal.aborted ? signal.reason : reason;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    for (const client of clients) client.close();
  }
}
