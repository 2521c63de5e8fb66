import { joinBody, type FlightFrame } from "../../flight/index.ts";

/** The current dictionary values of a stream, compared byte by byte. */
export class DictionaryTracker {
  readonly #frames = new Map<bigint, { header: Uint8Array; body: Uint8Array }>();

  /** Returns whether a dictionary has exactly these values. */
  has(id: bigint, frame: FlightFrame): boolean {
    const known = this.#frames.get(id);
    return known !== undefined && isEqual(known.header, frame.header) && isEqual(known.body, joinBody(frame));
  }

  /** Records the new values of a dictionary. Returns false if the dictionary already has them. */
  replace(id: bigint, frame: FlightFrame): boolean {
    if (this.has(id, frame)) return false;
    this.#frames.set(id, { header: frame.header, body: joinBody(frame) });
    return true;
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
