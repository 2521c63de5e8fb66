import { joinBody, type FlightFrame } from "../../flight/index.ts";

/** The values that the dictionaries of a stream have by now, compared byte by byte. */
export class DictionaryTracker {
  readonly #frames = new Map<bigint, { header: Uint8Array; body: Uint8Array }>();

  /** Whether a dictionary has these values. */
  has(id: bigint, frame: FlightFrame): boolean {
    const known = this.#frames.get(id);
    return known !== undefined && isEqual(known.header, frame.header) && isEqual(known.body, joinBody(frame));
  }

  /** Notes the values that a dictionary has from now on; false where it has them already. */
  replace(id: bigint, frame: FlightFrame): boolean {
    if (this.has(id, frame)) return false;
    this.#frames.set(id, { header: frame.header, body: joinBody(frame) });
    return true;
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
