import { FlightError } from "../flight/index.ts";

/** The hints for the codes of Node's errors. */
const hints: readonly (readonly [code: RegExp, hint: string])[] = [
  [/^ECONNREFUSED$/, "start one with `hangar serve`, or name another with --url or HANGAR_URL"],
  [/^(ENOTFOUND|EAI_AGAIN)$/, "name a server with --url or HANGAR_URL"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, "use a name of the certificate in --url"],
  [/SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/, "name its authority with --tls-ca FILE"],
];

/** The answers of servers without Flight, or of another path of a server with Flight. */
const otherServer = /^(HTTP (3\d\d|400|404|405|415)|This path does not exist\.)$/;

/** The answers of a proxy before the server, which has refused the call itself: a server with Flight says why. */
const refusedByProxy = /^HTTP (401|403|407)$/;

/** The maximum number of nested causes that are looked at, which ends a cycle. */
const causesMax = 8;

/** Returns an error of a connection with a hint for the caller of the command; other errors as they are. */
export function explainConnection(reason: unknown): unknown {
  if (!(reason instanceof FlightError)) return reason;
  const hint = hintFor(reason);
  if (hint === undefined || reason.message.includes(hint)) return reason;
  return new FlightError(reason.code, `${reason.message.replace(/\.$/, "")}; ${hint}`, { cause: reason });
}

function hintFor(reason: FlightError): string | undefined {
  if (otherServer.test(reason.message))
    return "no Flight server answers there; check the address and the path of --url";
  if (refusedByProxy.test(reason.message))
    return "what answers there is no Flight server, such as a proxy that needs a new login; give it as --header or --token";
  if (reason.code === "unauthenticated" && reason.message === "this server requires credentials")
    return "give --token-file, --token or --user, or their variables";
  let error: unknown = reason;
  for (let depth = 0; error instanceof Error && depth < causesMax; depth++, error = error.cause) {
    if (!("code" in error && typeof error.code === "string")) continue;
    const { code } = error;
    const found = hints.find(([pattern]) => pattern.test(code));
    if (found) return found[1];
  }
  return undefined;
}
