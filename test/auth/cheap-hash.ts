import { randomBytes, scryptSync } from "node:crypto";

/** Hashes a password at next to no cost, for tests that are not about how long it takes. */
export function cheapHash(password: string): string {
  const salt = randomBytes(16);
  const encode = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");
  return `$scrypt$ln=4,r=1,p=1$${encode(salt)}$${encode(scryptSync(password, salt, 32, { N: 16, r: 1, p: 1 }))}`;
}
