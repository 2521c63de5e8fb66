import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { TlsOptions } from "../server/index.ts";
import type { Settings } from "./config/settings.ts";
import { UsageError } from "./exit-code.ts";
import { toFileError } from "./file-error.ts";

/**
 * Reads the certificate and the key in the settings; undefined if there are none.
 *
 * @throws UsageError that names the flag if they are not valid or do not match; Error if they cannot be read
 */
export function readTls({ options, access }: Settings): TlsOptions | undefined {
  const { tlsCert, tlsKey } = options;
  const clientCa = access.clientCertificates?.ca;
  if (tlsCert === undefined || tlsKey === undefined) {
    if (clientCa) throw new UsageError("client certificates need TLS: set tls-cert and tls-key");
    return undefined;
  }
  const cert = readPem("--tls-cert", tlsCert);
  const key = readPem("--tls-key", tlsKey);
  assertContext({ cert }, `--tls-cert ${tlsCert} has no valid certificate in PEM`);
  assertContext({ key }, `--tls-key ${tlsKey} has no valid private key in PEM, without a passphrase`);
  assertContext({ cert, key }, `--tls-key ${tlsKey} is not the key of --tls-cert ${tlsCert}`);
  if (clientCa) assertContext({ ca: clientCa }, "the authorities of client certificates are not valid");
  return { cert, key, ...(clientCa && { clientCa }) };
}

function readPem(flag: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (reason) {
    throw toFileError(reason, `${flag} ${path}`);
  }
}

/** The messages of OpenSSL do not say which file is wrong. */
function assertContext(options: SecureContextOptions, words: string): void {
  try {
    createSecureContext(options);
  } catch (reason) {
    throw new UsageError(words, { cause: reason });
  }
}
