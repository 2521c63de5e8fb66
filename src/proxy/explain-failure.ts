import { FlightError } from "../flight/index.ts";

/**
 * The messages for the codes of Node's errors. They contain no addresses: clients need not know where the upstream is.
 */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refuses connections",
  ENOTFOUND: "has a name that cannot be resolved",
  EAI_AGAIN: "has a name that cannot be resolved",
  ETIMEDOUT: "does not respond",
  EHOSTUNREACH: "cannot be reached",
  ENETUNREACH: "cannot be reached",
  ERR_HTTP2_ERROR: "does not speak HTTP/2",
  ERR_HTTP2_SESSION_ERROR: "closed the connection",
};

/** OpenSSL's error codes for certificates, and Node's for the names in them. */
const certificateCode = /CERT|SIGNATURE|ISSUER|_CRL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE/;

const tlsCode = /^(ERR_SSL_|ERR_TLS_|EPROTO)/;

/**
 * Returns the error for an upstream server that is not reachable or was lost. It is always UNAVAILABLE, because another
 * attempt may succeed.
 */
export function explainFailure(reason: unknown): FlightError {
  const code = codesOf(reason).find((each) => each in words || certificateCode.test(each) || tlsCode.test(each));
  return new FlightError("unavailable", `the upstream server ${explain(code)}`, { cause: reason });
}

function explain(code: string | undefined): string {
  if (code === undefined) return "closed its connection";
  if (words[code] !== undefined) return words[code];
  return certificateCode.test(code) ? `has a certificate that is not trusted (${code})` : `refuses TLS (${code})`;
}

/** The codes of an error and its causes. */
function codesOf(reason: unknown): string[] {
  const codes: string[] = [];
  for (let each = reason, depth = 0; each instanceof Error && depth < 8; each = each.cause, depth++) {
    if ("code" in each && typeof each.code === "string") codes.push(each.code);
    // If a name has several addresses, each attempt has its own error.
    if (each instanceof AggregateError) codes.push(...each.errors.flatMap(codesOf));
  }
  return codes;
}
