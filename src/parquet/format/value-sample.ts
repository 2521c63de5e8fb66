import { readValidity, type ArrayView } from "../../arrow/index.ts";
import { SeenWords } from "./seen-words.ts";

/** The number of values of a column in a sample, in evenly distributed runs: 5,000 columns take 10 ms. */
export const sampledValues = 128;
const runCount = 4;
const runRows = sampledValues / runCount;

/** The number of bytes of a string that are compared, besides its length. */
const comparedBytesMax = 64;

/** An odd number that spreads bits, from the golden ratio. */
const hashFactor = 0x9e3779b1;

/** How the values of a sample repeat. */
export interface Repetition {
  readonly distinctCount: number;
  /** How often the most frequent value occurs. */
  readonly largestCount: number;
}

/** A sample of the values of a column, without nulls. Its memory serves one column after the other. */
export class ValueSample {
  /** The number of values. */
  count = 0;
  /** The number of 32-bit words of a value; 0 for strings. */
  wordCount = 0;
  /** The words of the values, if they have some. */
  readonly words = new Int32Array(2 * sampledValues);
  /** For each run of rows, the number of values up to its end. */
  readonly runEnds = new Int32Array(runCount);
  readonly #hashes = new Int32Array(sampledValues);
  readonly #seen = new SeenWords(sampledValues);
  readonly #rowStarts: readonly number[];
  readonly #runWords = [1, 2].map((wordCount) => new Int32Array(runRows * wordCount));
  readonly #runBytes = this.#runWords.map(({ buffer }) => new Uint8Array(buffer));
  readonly #text = new Uint8Array(comparedBytesMax);

  /** @param rowCount - the number of rows of each column; at least `sampledValues` */
  constructor(rowCount: number) {
    const last = rowCount - runRows;
    this.#rowStarts = Array.from({ length: runCount }, (_, run) => Math.floor((run * last) / (runCount - 1)));
  }

  /** Reads the sample of a column of values of 32 or 64 bits. @returns false for a column of other values */
  readNumbers(array: ArrayView): boolean {
    const { field, storage, offset, buffers } = array;
    if (field.dictionary || storage.kind !== "fixed" || (storage.bitWidth !== 32 && storage.bitWidth !== 64)) {
      return false;
    }
    const wordCount = storage.bitWidth / 32;
    const [runWords, runBytes] = [this.#runWords[wordCount - 1]!, this.#runBytes[wordCount - 1]!];
    this.#start(wordCount);
    const isValid = array.validity && readValidity(array);
    for (const [run, rowStart] of this.#rowStarts.entries()) {
      buffers[0]!.copyTo(runBytes, (offset + rowStart) * wordCount * 4);
      for (let i = 0; i < runRows; i++) {
        if (isValid !== undefined && !isValid(rowStart + i)) continue;
        const low = (this.words[this.count * wordCount] = runWords[i * wordCount]!);
        if (wordCount === 1) this.#add(low);
        else this.#add(Math.imul(low, hashFactor) ^ (this.words[this.count * 2 + 1] = runWords[i * 2 + 1]!));
      }
      this.runEnds[run] = this.count;
    }
    return true;
  }

  /**
   * Reads the sample of a column of strings or bytes. Two are taken as equal if their lengths and first bytes are.
   *
   * @returns false for a column of other values, and if an offset is not valid
   */
  readStrings(array: ArrayView): boolean {
    const { field, storage, offset, buffers } = array;
    if (field.dictionary || storage.kind !== "variable") return false;
    const [offsets, bytes] = [buffers[0]!, buffers[1]!];
    const { offsetByteWidth } = storage;
    this.#start(0);
    const isValid = array.validity && readValidity(array);
    for (const rowStart of this.#rowStarts) {
      const bounds = offsets.readIntegers((offset + rowStart) * offsetByteWidth, runRows + 1, offsetByteWidth);
      for (let i = 0; i < runRows; i++) {
        const [start, end] = [bounds[i]!, bounds[i + 1]!];
        if (start < 0 || end < start || end > bytes.byteLength) return false;
        if (isValid !== undefined && !isValid(rowStart + i)) continue;
        const text = this.#text.subarray(0, Math.min(end - start, comparedBytesMax));
        bytes.copyTo(text, start);
        this.#add(text.reduce((hash, byte) => Math.imul(hash, hashFactor) + byte, end - start));
      }
    }
    return true;
  }

  /** Counts equal values. */
  countRepetition(): Repetition {
    this.#seen.clear();
    let largestCount = 0;
    for (let i = 0; i < this.count; i++) largestCount = Math.max(largestCount, this.#seen.add(this.#hashes[i]!));
    return { distinctCount: this.#seen.distinctCount, largestCount };
  }

  #start(wordCount: number): void {
    this.count = 0;
    this.wordCount = wordCount;
  }

  #add(hash: number): void {
    this.#hashes[this.count++] = hash;
  }
}
