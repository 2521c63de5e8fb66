import { timingSafeEqual } from "node:crypto";
import { FlightError } from "../../flight/index.ts";
import type { TokenEntry } from "../access-config.ts";

/** Static bearer tokens, stored as SHA-256 digests. */
export class StaticTokens {
  readonly #tokens: readonly { readonly digest: Buffer; readonly entry: TokenEntry }[];

  /** @throws FlightError INVALID_ARGUMENT if a digest is not valid */
  constructor(tokens: readonly TokenEntry[]) {
    this.#tokens = tokens.map((entry) => ({ digest: readDigest(entry), entry }));
  }

  /**
   * Returns the entry for the SHA-256 of a token; undefined if there is none, or it has expired. Compares all entries,
   * each in constant time.
   */
  find(digest: Buffer): TokenEntry | undefined {
    const found = this.#tokens.filter((each) => isSame(each.digest, digest));
    const now = new Date();
    const valid = found.find(({ entry: { expires } }) => expires === undefined || expires > now);
    return valid?.entry;
  }
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

function readDigest({ name, sha256 }: TokenEntry): Buffer {
  if (!/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new FlightError(
      "invalid_argument",
      `the sha256 of token ${JSON.stringify(name)} must be 64 hexadecimal digits`,
    );
  }
  return Buffer.from(sha256, "hex");
}
