import { connect } from "../client-node/index.ts";
import { parseServerUrl, type CredentialOptions, type DatasetClient } from "../client/index.ts";
import { readCredentials, readHeaders } from "./client-credentials.ts";
import type { ClientFlags } from "./client-flags.ts";
import { Interrupted, UsageError } from "./exit-code.ts";
import { explainConnection } from "./explain-connection.ts";
import { useLightHeaders } from "./light-headers.ts";
import { nameFlags } from "./name-flags.ts";
import { readFlagFile } from "./read-flag-file.ts";
import { tuneHeap } from "./tune-heap.ts";

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

/**
 * Runs a command with a client. The first SIGINT or SIGTERM cancels its calls; a second one ends the process.
 *
 * @throws errors of `run`; Interrupted after a signal
 */
export async function callServer(flags: ClientFlags, run: (call: ClientCall) => Promise<void>): Promise<void> {
  tuneHeap();
  useLightHeaders();
  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = (_name: string, signalNumber: number): void => {
    if (signal.aborted) process.exit(128 + signalNumber);
    stopping.abort(new Interrupted(signalNumber));
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  const tls = flags.tlsCa === undefined ? undefined : { ca: await readAuthorities(flags.tlsCa) };
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
    throw signal.aborted ? signal.reason : nameFlags(explainConnection(reason));
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    for (const client of clients) client.close();
  }
}

/** Node would ignore a file without certificates. */
async function readAuthorities(path: string): Promise<Buffer> {
  const pem = await readFlagFile("--tls-ca", path);
  if (/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test(pem.toString("latin1"))) return pem;
  throw new UsageError(`--tls-ca ${path}: there is no certificate in PEM in it`);
}
