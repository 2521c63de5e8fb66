import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import { promisify } from "node:util";
import { FlightError } from "../../flight/index.ts";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** The cost of a hash: 2^15 blocks of 1 KiB, three times, 32 MiB of memory. Source: OWASP, password storage. */
const costDefault = { ln: 15, r: 8, p: 3 };

/** The maximum memory of one hash in bytes. A configuration with a more expensive hash is rejected. */
const memoryBytesMax = 128 * 1024 * 1024;

/** The maximum number of lanes of a hash. They multiply its time. */
const lanesMax = 16;

const saltByteLength = 16;
const hashByteLength = 32;

/** A parsed password hash. */
export interface PasswordHash {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/**
 * Hashes a password with scrypt, for the configuration. The result is `$scrypt$ln=15,r=8,p=3$salt$hash` in base64
 * without padding (the PHC string format).
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltByteLength);
  const { ln, r, p } = costDefault;
  const hash = await deriveHash(password, { ...costDefault, salt, hash: Buffer.alloc(hashByteLength) });
  return `$scrypt$ln=${ln},r=${r},p=${p}$${encode(salt)}$${encode(hash)}`;
}

/**
 * Parses a hash of `hashPassword`.
 *
 * @throws FlightError INVALID_ARGUMENT if it is not valid, or if it needs too much memory or time. The message does not
 * contain the hash.
 */
export function parsePasswordHash(text: string): PasswordHash {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(text);
  if (match === null) throw invalid("it is not $scrypt$ln=…,r=…,p=…$salt$hash, as hangar password makes it");
  const [ln = 0, r = 0, p = 0] = match.slice(1, 4).map(Number);
  const [salt, hash] = [Buffer.from(match[4]!, "base64"), Buffer.from(match[5]!, "base64")];
  if (ln < 1 || r < 1 || p < 1) throw invalid("ln, r and p must be at least 1");
  if (128 * r * 2 ** ln > memoryBytesMax || p > lanesMax) throw invalid("ln, r and p need too much memory or time");
  if (salt.byteLength < 8 || hash.byteLength < 16) throw invalid("the salt or the hash is too short");
  return { ln, r, p, salt, hash };
}

/** Returns whether a password matches a hash. Compares in constant time. */
export async function isPassword(password: string, expected: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await deriveHash(password, expected), expected.hash);
}

async function deriveHash(password: string, { ln, r, p, salt, hash }: PasswordHash): Promise<Buffer> {
  // Node rejects a hash that needs exactly the maximum.
  const maxmem = 2 * memoryBytesMax;
  return await derive(password.normalize("NFC"), salt, hash.byteLength, { N: 2 ** ln, r, p, maxmem });
}

function encode(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

function invalid(why: string): FlightError {
  return new FlightError("invalid_argument", `the hash of a password cannot be read: ${why}`);
}
