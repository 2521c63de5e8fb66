import { hash, randomBytes } from "node:crypto";

/** The prefix of tokens. Scanners for secrets in files recognize it. */
const prefix = "hangar_";

/** Creates a random bearer token of 256 bits, and its SHA-256 for the configuration. */
export function createToken(): { readonly token: string; readonly sha256: string } {
  const token = prefix + randomBytes(32).toString("base64url");
  return { token, sha256: sha256(token).toString("hex") };
}

/** Returns the SHA-256 of a text in UTF-8. */
export function sha256(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
