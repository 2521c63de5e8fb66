import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { TlsOptions } from "../server/index.ts";
import type { Settings } from "./config/settings.ts";
import { UsageError } from "./exit-code.ts";

/**
 * Reads the certificate and the key in the settings; undefined if there are none.
 *
 * @throws UsageError if they do not match; Node's error if they cannot be read
 */
export function readTls({ options, access }: Settings): TlsOptions | undefined {
  const { tlsCert, tlsKey } = options;
  const clientCa = access.clientCertificates?.ca;
  if (tlsCert === undefined || tlsKey === undefined) {
    if (clientCa) throw new UsageError("client certificates need TLS: set tls-cert and tls-key");
    return undefined;
  }
  const tls = { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
  try {
    createSecureContext({ ...tls, ...(clientCa && { ca: clientCa }) });
  } catch (reason) {
    const words = reason instanceof Error ? reason.message : String(reason);
    throw new UsageError(`the TLS certificate or its key is not valid: ${words}`, { cause: reason });
  }
  return { ...tls, ...(clientCa && { clientCa }) };
}
