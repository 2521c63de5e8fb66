import { decodeBinaryHeader } from "@connectrpc/connect";

/** The credentials in a request. */
export type Credentials =
  | { readonly kind: "none" }
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  /** There are credentials, but of another kind. */
  | { readonly kind: "malformed" };

/**
 * Reads the credentials in the headers of a request: `authorization`, otherwise `auth-token-bin`, in which Flight
 * clients send the result of a handshake.
 */
export function readCredentials(header: Headers): Credentials {
  const authorization = header.get("authorization");
  if (authorization !== null) return readAuthorization(authorization);
  const token = header.get("auth-token-bin");
  return token === null ? { kind: "none" } : readBinaryToken(token);
}

function readAuthorization(value: string): Credentials {
  // Two headers are joined with a comma, which neither tokens nor base64 contain.
  const [, scheme = "", text = ""] = /^([A-Za-z]+) +([\x21-\x2b\x2d-\x7e]+)$/.exec(value) ?? [];
  if (scheme.toLowerCase() === "bearer") return { kind: "bearer", token: text };
  return scheme.toLowerCase() === "basic" ? readBasic(text) : { kind: "malformed" };
}

/** Parses Basic credentials in UTF-8. Source: RFC 7617. */
function readBasic(base64: string): Credentials {
  const text = decode(Buffer.from(base64, "base64"));
  const colon = text?.indexOf(":") ?? -1;
  if (text === undefined || colon < 0) return { kind: "malformed" };
  return { kind: "basic", username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function readBinaryToken(value: string): Credentials {
  try {
    const token = decode(decodeBinaryHeader(value));
    return token === undefined || token === "" ? { kind: "malformed" } : { kind: "bearer", token };
  } catch {
    return { kind: "malformed" };
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
