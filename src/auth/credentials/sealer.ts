import { hkdfSync, randomBytes } from "node:crypto";
import { EncryptJWT, jwtDecrypt, type JWTPayload } from "jose";

/** The fewest bytes of a key. */
export const sessionKeyBytesMin = 32;

/**
 * Seals what a server gives to a client to be shown again: nobody can read, change or extend it without the key. A sealed
 * text is a JWT that is encrypted by AES-GCM (RFC 7516, `dir`, `A256GCM`), and expires.
 */
export class Sealer {
  readonly #key: Uint8Array;
  readonly #purpose: string;

  /**
   * @param purpose - what is sealed for one purpose is not taken for another
   * @param key - of any length from `sessionKeyBytesMin`; made up where left out
   */
  constructor(purpose: string, key: Uint8Array = randomBytes(sessionKeyBytesMin)) {
    this.#purpose = purpose;
    this.#key = new Uint8Array(hkdfSync("sha256", key, "hangar", purpose, 32));
  }

  /** @param expires - the time from when on it cannot be opened */
  async seal(payload: JWTPayload, expires: Date): Promise<string> {
    return await new EncryptJWT(payload)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setAudience(this.#purpose)
      .setExpirationTime(expires)
      .encrypt(this.#key);
  }

  /** Returns what was sealed; undefined where it was not, or has expired. */
  async open(text: string): Promise<JWTPayload | undefined> {
    try {
      const options = {
        audience: this.#purpose,
        requiredClaims: ["exp"],
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: ["A256GCM"],
      };
      return (await jwtDecrypt(text, this.#key, options)).payload;
    } catch {
      return undefined;
    }
  }

  /** Whether a text has the form of what is sealed: five parts, where a signed JWT has three. */
  static isSealed(text: string): boolean {
    return text.split(".").length === 5;
  }
}
