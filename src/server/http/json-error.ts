import { Code, ConnectError } from "@connectrpc/connect";
import { errorToJsonBytes } from "@connectrpc/connect/protocol-connect";

/**
 * The authentication scheme in the challenge. Basic also works, but a browser would then show its own password dialog.
 */
export const challenge = "Bearer";

/** An error as an HTTP body, and the headers that describe it. */
export interface JsonError {
  readonly header: Headers;
  readonly body: Uint8Array;
}

/** Encodes an error in the JSON of the Connect protocol, without the metadata that gRPC clients read. */
export function encodeJsonError(error: ConnectError): JsonError {
  const header = new Headers({ "content-type": "application/json", "x-content-type-options": "nosniff" });
  if (error.code === Code.Unauthenticated) header.set("www-authenticate", challenge);
  const body = errorToJsonBytes(new ConnectError(error.rawMessage, error.code), undefined);
  return { header, body };
}
