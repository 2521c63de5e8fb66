import { exportJWK, generateKeyPair, SignJWT, type JSONWebKeySet } from "jose";

/** An issuer of JWTs, as a test has it. */
export interface TestIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: JSONWebKeySet;
  /** Signs a token for a subject, good for an hour; what is given differs from that. */
  sign(subject: string, other?: Partial<SignedToken>): Promise<string>;
}

interface SignedToken {
  readonly audience: string;
  readonly issuer: string;
  /** Seconds from now. */
  readonly expiresIn: number | "never";
  readonly claims: Record<string, unknown>;
}

/** Makes an issuer with a key pair of its own. */
export async function createIssuer(issuer = "https://issuer.example", keyId = "1"): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const audience = "hangar";
  return {
    issuer,
    audience,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: "ES256", use: "sig" }] },
    sign: async (subject, { expiresIn = 3600, ...other } = {}) => {
      const token = new SignJWT(other.claims ?? {})
        .setProtectedHeader({ alg: "ES256", kid: keyId })
        .setIssuer(other.issuer ?? issuer)
        .setAudience(other.audience ?? audience)
        .setSubject(subject);
      if (expiresIn !== "never") token.setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn);
      return await token.sign(privateKey);
    },
  };
}
