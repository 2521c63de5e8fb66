import { constants } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { FlightError } from "../flight/index.ts";

/**
 * The server refused a request before it processed the request, because it is shutting down or has too many. Any
 * request may be sent again.
 */
export class StreamRefused extends FlightError {
  constructor() {
    super("unavailable", "the server refused the request before looking at it");
  }
}

/** Returns the error for a request whose connection is gone. @param cause - Node's error, if there is one */
export function lostConnection(authority: string, cause: unknown = new Error("the stream was closed")): ConnectError {
  return new ConnectError(`the connection to ${authority} was lost`, Code.Unavailable, undefined, undefined, cause);
}

/** Codes of a reset stream with a meaning of their own. Source: gRPC over HTTP/2, "Errors". */
const resetCodes = new Map<number, Code>([
  [constants.NGHTTP2_CANCEL, Code.Canceled],
  [constants.NGHTTP2_ENHANCE_YOUR_CALM, Code.ResourceExhausted],
  [constants.NGHTTP2_INADEQUATE_SECURITY, Code.PermissionDenied],
]);

/** Returns the error for a stream that the server reset. @param hasResponse - whether the response had begun */
export function explainReset(rstCode: number, hasResponse: boolean, cause: unknown): ConnectError {
  const code = hasResponse ? Code.Unavailable : (resetCodes.get(rstCode) ?? Code.Internal);
  return new ConnectError(`the server reset the stream with code ${rstCode}`, code, undefined, undefined, cause);
}

/**
 * Returns the error for an error of a connection attempt. It says whether there is no server, whether its certificate is
 * not trusted, and whether it does not speak TLS or HTTP/2. If the server is killed during the attempt, Connect would
 * take the reset for a call that was aborted.
 *
 * @param isSilent - whether the server has accepted the connection, and has not yet answered in HTTP/2
 */
export function explainConnectError(authority: string, reason: unknown, isSilent: boolean): unknown {
  const words = describeConnectError(authority, reason);
  if (words !== undefined) return unavailable(words, reason);
  const isReset = hasCode(reason, ["ECONNRESET", "EPIPE"]);
  const isLost = reason instanceof ConnectError && reason.code === Code.Unavailable;
  if (isSilent && (isReset || isLost)) return unavailable(describeSilence(authority), reason);
  return isReset && !isLost ? lostConnection(authority, reason) : reason;
}

function describeConnectError(authority: string, reason: unknown): string | undefined {
  const error = findError(reason, (code) => connectCodes.test(code) || certificateCodes.test(code));
  if (error === undefined) return undefined;
  const { code, message } = error;
  if (code === "ECONNREFUSED") return `there is no server at ${authority} (${code})`;
  if (/^E(NOTFOUND|AI_AGAIN)$/.test(code)) return `the name of ${authority} cannot be resolved (${code})`;
  // After a semicolon, Node names flags of its own.
  if (certificateCodes.test(code))
    return `the certificate of ${authority} is refused: ${message.replace(/[;:\s]*(;.*)?$/, "")}`;
  return `${authority} does not answer with TLS; its address may start with http:// or grpc://`;
}

/** The codes of a connection attempt that have a message. The last two mean that OpenSSL has read something else than TLS. */
const connectCodes = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG)$/;

/** The codes of a server's certificate that is refused. Source: Node, "X509 certificate error codes". */
const certificateCodes = /^(ERR_TLS_CERT_ALTNAME_INVALID|(DEPTH_ZERO_)?SELF_SIGNED_CERT.*|UNABLE_TO_.*|CERT_.*)$/;

function describeSilence(authority: string): string {
  const other = authority.startsWith("http:") ? "it may need TLS (https:// or grpc+tls://), or be" : "it may be";
  return `${authority} closed the connection without an answer; ${other} no Flight server`;
}

function unavailable(message: string, cause: unknown): ConnectError {
  return new ConnectError(message, Code.Unavailable, undefined, undefined, cause);
}

/** Whether an error, or one of its causes, has one of the codes. */
function hasCode(reason: unknown, codes: readonly string[]): boolean {
  return findError(reason, (code) => codes.includes(code)) !== undefined;
}

/** Returns the first of an error and its causes whose code matches. */
function findError(
  reason: unknown,
  matches: (code: string) => boolean,
): { readonly code: string; readonly message: string } | undefined {
  for (let error = reason; error instanceof Error; error = error.cause) {
    if ("code" in error && matches(String(error.code))) return { code: String(error.code), message: error.message };
  }
  return undefined;
}
