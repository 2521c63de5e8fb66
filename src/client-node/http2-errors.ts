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
 * Returns the error for an error of a connection attempt. It says whether the server does not speak TLS. If the server is
 * killed during the attempt, Connect would take the reset for a call that was aborted.
 */
export function explainConnectError(authority: string, reason: unknown): unknown {
  const isReset = hasCode(reason, ["ECONNRESET", "EPIPE"]);
  if (isReset && ConnectError.from(reason).code !== Code.Unavailable) return lostConnection(authority, reason);
  if (!isTlsRefused(reason)) return reason;
  const message = `${authority} does not answer with TLS; its address may start with http:// or grpc://`;
  return new ConnectError(message, Code.Unavailable, undefined, undefined, reason);
}

/** Whether OpenSSL has read something else than TLS. */
function isTlsRefused(reason: unknown): boolean {
  return hasCode(reason, ["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"]);
}

/** Whether an error, or one of its causes, has one of the codes. */
function hasCode(reason: unknown, codes: readonly string[]): boolean {
  for (let error = reason; error instanceof Error; error = error.cause) {
    if ("code" in error && codes.includes(String(error.code))) return true;
  }
  return false;
}
