import type { Scratch } from "../storage.ts";
import type { PartMemory } from "./part-memory.ts";

/** The size of a new buffer in bytes. Small datasets need little memory. */
const firstByteLength = 64 * 1024;

/** What the parts of an upload need. */
export interface PartPlaces {
  /** The memory of all uploads. */
  readonly memory: PartMemory;
  /** Creates a temporary file, for a part that finds no memory. */
  readonly createScratch: () => Promise<Scratch>;
  /** Gets the change of the upload's memory, in bytes. */
  readonly onMemory: (byteLength: number) => void;
}

/**
 * Collects the bytes of one part. If many uploads fill parts at the same time, and their memory is used up, the bytes of
 * this one go into a temporary file. A slow client therefore never holds up another one.
 */
export class PartBuffer {
  readonly #places: PartPlaces;
  readonly #byteLengthMax: number;
  #memory: Uint8Array<ArrayBuffer> = new Uint8Array();
  #scratch: Scratch | undefined;
  #byteLength = 0;

  /** @param byteLengthMax - the length of the part */
  constructor(byteLengthMax: number, places: PartPlaces) {
    this.#byteLengthMax = byteLengthMax;
    this.#places = places;
  }

  /** Whether no more bytes fit. */
  get isFull(): boolean {
    return this.#byteLength === this.#byteLengthMax;
  }

  /** Copies as many bytes as fit. Returns their number. */
  async take(bytes: Uint8Array): Promise<number> {
    const taken = bytes.subarray(0, this.#byteLengthMax - this.#byteLength);
    if (this.#scratch === undefined && !this.#reserve(this.#byteLength + taken.byteLength)) await this.#spill();
    if (this.#scratch) await this.#scratch.append(taken);
    else this.#memory.set(taken, this.#byteLength);
    this.#byteLength += taken.byteLength;
    return taken.byteLength;
  }

  /** Returns all bytes, in memory until `release`. No bytes may follow. */
  async read(): Promise<Uint8Array> {
    if (this.#scratch === undefined) return this.#memory.subarray(0, this.#byteLength);
    this.#places.onMemory(this.#byteLength);
    this.#memory = this.#places.memory.allocate(this.#byteLength);
    const file = await this.#scratch.reopen();
    return await file.read(0, this.#byteLength, { into: this.#memory });
  }

  /** Frees the memory, or the file. */
  async release(): Promise<void> {
    const { byteLength } = this.#memory;
    this.#places.memory.recycle(this.#memory);
    this.#memory = new Uint8Array();
    this.#places.onMemory(-byteLength);
    if (this.#scratch === undefined) this.#places.memory.release(byteLength);
    await this.#scratch?.discard();
  }

  /** Grows the memory to hold a number of bytes. Returns false if there is no room. */
  #reserve(byteLength: number): boolean {
    const before = this.#memory.byteLength;
    if (byteLength <= before) return true;
    // From a fourth of the part on, more growth would copy more than it saves.
    const grown = Math.max(byteLength, 4 * before, firstByteLength);
    const after = 4 * grown > this.#byteLengthMax ? this.#byteLengthMax : grown;
    if (!this.#places.memory.take(after - before)) return false;
    this.#places.onMemory(after - before);
    const memory = this.#places.memory.allocate(after);
    memory.set(this.#memory.subarray(0, this.#byteLength));
    this.#memory = memory;
    return true;
  }

  async #spill(): Promise<void> {
    const scratch = await this.#places.createScratch();
    await scratch.append(this.#memory.subarray(0, this.#byteLength));
    const { byteLength } = this.#memory;
    this.#memory = new Uint8Array();
    this.#places.memory.release(byteLength);
    this.#places.onMemory(-byteLength);
    this.#scratch = scratch;
  }
}
