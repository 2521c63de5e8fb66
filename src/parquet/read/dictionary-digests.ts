import { createHash } from "node:crypto";
import type { FlightFrame } from "../../flight/index.ts";

/**
 * The digests of a stream's current dictionary values. Digests are enough to detect a repeated dictionary, and a reader
 * that pauses for hours does not keep the values in memory.
 */
export class DictionaryDigests {
  readonly #digests = new Map<bigint, string>();

  /** Records the new values of a dictionary. Returns false if the dictionary already has them. */
  replace(id: bigint, { header, body }: FlightFrame): boolean {
    const hash = createHash("sha256").update(header);
    for (const piece of body) hash.update(piece);
    const digest = hash.digest("base64");
    if (this.#digests.get(id) === digest) return false;
    this.#digests.set(id, digest);
    return true;
  }
}
