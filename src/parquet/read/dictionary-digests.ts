import { createHash } from "node:crypto";
import type { FlightFrame } from "../../flight/index.ts";

/**
 * Which values the dictionaries of a stream have by now, told by their digests: a reader that pauses for hours does
 * not hold the values for it.
 */
export class DictionaryDigests {
  readonly #digests = new Map<bigint, string>();

  /** Notes the values that a dictionary has from now on; false where it has them already. */
  replace(id: bigint, { header, body }: FlightFrame): boolean {
    const hash = createHash("sha256").update(header);
    for (const piece of body) hash.update(piece);
    const digest = hash.digest("base64");
    if (this.#digests.get(id) === digest) return false;
    this.#digests.set(id, digest);
    return true;
  }
}
