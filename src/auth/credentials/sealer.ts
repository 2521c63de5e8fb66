import { hkdfSync, randomBytes } from "node:crypto";
import { EncryptJWT, jwtDecrypt, type JWTPayload } from "jose";

/** The minimum length of a key in bytes. */
export const sessionKeyBytesMin = 32;

/**
 * Seals values that a server gives to a client and later gets back. Without the key, nobody can read, change or extend
 * them. A sealed text is a JWT that is encrypted with AES-GCM (RFC 7516, `dir`, `A256GCM`), and expires.
 */
export class Sealer {
  readonly #key: Uint8Array;
  readonly #purpose: string;

  /**
   * @param purpose - a value that was sealed for another purpose is not accepted
   * @param key - at least `sessionKeyBytesMin` bytes; random by default
   */
  constructor(purpose: string, key: Uint8Array = randomBytes(sessionKeyBytesMin)) {
    this.#purpose = purpose;
    this.#key = new Uint8Array(hkdfSync("sha256", key, "hangar", purpose, 32));
  }

  /** Seals a value. @param expires - the time after which it cannot be opened */
  async seal(payload: JWTPayload, expires: Date): Promise<string> {
    return await new EncryptJWT(payload)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setAudience(this.#purpose)
      .setExpirationTime(expires)
      .encrypt(this.#key);
  }

  /** Returns the sealed value; undefined if the text is not valid, or has expired. */
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

  /** Returns whether a text has the form of a sealed text: five parts. A signed JWT has three. */
  static isSealed(text: string): boolean {
    return text.split(".").length === 5;
  }
}
