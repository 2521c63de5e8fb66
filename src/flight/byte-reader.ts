import { FlightError } from "./errors.ts";
import { freePieces, joinPieces } from "./pieces.ts";

/** Returns memory of a length in bytes, with arbitrary content. */
export type Allocate = (byteLength: number) => Uint8Array<ArrayBuffer>;

/**
 * Pieces below this size are copied together. A view keeps the whole buffer alive that the socket read it
 * into (64 KiB in Node), so a sender of single bytes would otherwise make the receiver hold that much for each.
 */
const copyBytesMax = 8 * 1024;
const slabBytes = 64 * 1024;

/** Reads a stream of chunks by counts of bytes. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** The pieces of the current read. */
  #pieces: Uint8Array[] = [];
  /** The memory of the current read, if it has memory of its own. */
  #whole: Uint8Array<ArrayBuffer> | undefined;
  #isDropped = false;
  /** Called with the number of bytes of each chunk that arrives. */
  onBytes: ((byteLength: number) => void) | undefined;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Whether the stream has another byte. Waits for the next chunk if necessary. */
  async hasMore(): Promise<boolean> {
    while (this.#at === this.#chunk.byteLength) {
      const next = await this.#source.next();
      if (next.done === true) return false;
      this.#chunk = next.value;
      this.#at = 0;
      this.onBytes?.(next.value.byteLength);
    }
    return true;
  }

  /** Reads the next bytes into a new array. Memory is allocated as bytes arrive, in slabs. */
  async read(byteLength: number): Promise<Uint8Array> {
    if (byteLength > slabBytes) return joinPieces(await this.readPieces(byteLength));
    return await this.readWhole(byteLength, (length) => new Uint8Array(length));
  }

  /** Reads the next bytes into one array. The memory of their chunks is not used any more. */
  async readWhole(byteLength: number, allocate: Allocate): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = allocate(byteLength);
    this.#whole = bytes;
    for (let filled = 0; filled < byteLength;) {
      // The rest of the current chunk needs no promise.
      const part = this.#take(byteLength - filled) ?? this.#takeArrived(await this.hasMore(), byteLength - filled);
      bytes.set(part, filled);
      filled += part.byteLength;
    }
    this.#whole = undefined;
    return bytes;
  }

  /** Reads the next bytes as views of their chunks. Only small chunks are copied together. */
  async readPieces(byteLength: number): Promise<Uint8Array[]> {
    const pieces: Uint8Array[] = [];
    this.#pieces = pieces;
    let slab: Uint8Array | undefined;
    let slabUsed = 0;
    const seal = (): void => {
      if (slab && slabUsed > 0) pieces.push(slab.subarray(0, slabUsed));
      slab = slab?.subarray(slabUsed);
      slabUsed = 0;
    };
    for (let filled = 0; filled < byteLength;) {
      // The rest of the current chunk needs no promise.
      const part = this.#take(byteLength - filled) ?? this.#takeArrived(await this.hasMore(), byteLength - filled);
      filled += part.byteLength;
      if (part.byteLength >= copyBytesMax) {
        seal();
        pieces.push(part);
        continue;
      }
      if (slab === undefined || slabUsed + part.byteLength > slab.byteLength) {
        seal();
        slab = new Uint8Array(Math.max(part.byteLength, Math.min(slabBytes, byteLength - filled + part.byteLength)));
      }
      slab.set(part, slabUsed);
      slabUsed += part.byteLength;
    }
    seal();
    return pieces;
  }

  /** Drops the bytes that were read, also of a pending read. Nothing may wait for the reader after that. */
  drop(): void {
    this.#isDropped = true;
    this.#pieces.length = 0;
    if (this.#whole) freePieces([this.#whole]);
    this.#chunk = new Uint8Array(0);
    this.#at = 0;
  }

  /** Ends the source early. */
  async cancel(): Promise<void> {
    // A source that is asked to return while it waits does so only when its wait is over.
    if (this.#isDropped) return void this.#source.return?.().catch(() => {});
    await this.#source.return?.();
  }

  /**
   * Returns the next bytes that have arrived: at least 1 and at most `byteLengthMax`, as a view of their chunk.
   *
   * @throws FlightError INVALID_ARGUMENT if the stream has ended
   */
  async next(byteLengthMax: number): Promise<Uint8Array> {
    return this.#takeArrived(await this.hasMore(), byteLengthMax);
  }

  /** Reads the next bytes into a new array, if all of them have arrived; otherwise reads nothing. */
  readNow(byteLength: number): Uint8Array | undefined {
    if (this.#chunk.byteLength - this.#at < byteLength) return undefined;
    const bytes = new Uint8Array(byteLength);
    if (byteLength > 0) bytes.set(this.#take(byteLength)!);
    return bytes;
  }

  /**
   * Reads a varint into a new array, if all of it has arrived; otherwise reads nothing.
   *
   * @param byteLengthMax - a longer one is cut
   */
  readVarintNow(byteLengthMax: number): Uint8Array | undefined {
    for (let byteLength = 1; byteLength <= byteLengthMax; byteLength++) {
      const byte = this.#chunk[this.#at + byteLength - 1];
      if (byte === undefined) return undefined;
      if (byte <= 0x7f) return this.readNow(byteLength);
    }
    return this.readNow(byteLengthMax);
  }

  /** Reads a varint into a new array, as its bytes arrive. @param byteLengthMax - a longer one is cut */
  async readVarint(byteLengthMax: number): Promise<Uint8Array> {
    const bytes: number[] = [];
    while (bytes.length < byteLengthMax && (bytes.at(-1) ?? 0x80) > 0x7f) bytes.push((await this.next(1))[0]!);
    return Uint8Array.from(bytes);
  }

  /** @param hasMore - the result of `hasMore` */
  #takeArrived(hasMore: boolean, byteLengthMax: number): Uint8Array {
    if (!hasMore) throw new FlightError("invalid_argument", "the stream ended inside a message");
    return this.#take(byteLengthMax)!;
  }

  /** Returns a view of the next bytes of the current chunk; undefined if there are none. */
  #take(byteLengthMax: number): Uint8Array | undefined {
    if (this.#at === this.#chunk.byteLength) return undefined;
    const part = this.#chunk.subarray(this.#at, this.#at + byteLengthMax);
    this.#at += part.byteLength;
    return part;
  }
}
