import { createHash, randomBytes } from "node:crypto";

/** Tokens begin so, for scanners that look for secrets in files. */
const prefix = "hangar_";

/** Creates a random bearer token of 256 bits, and its SHA-256, which belongs into the configuration. */
export function createToken(): { readonly token: string; readonly sha256: string } {
  const token = prefix + randomBytes(32).toString("base64url");
  return { token, sha256: sha256(token).toString("hex") };
}

/** The SHA-256 of a text in UTF-8. */
export function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
