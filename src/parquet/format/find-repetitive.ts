import { readValidity, viewRecordBatch, type ArrayView, type Field, type Schema } from "../../arrow/index.ts";
import type { OpenedFrame } from "./open-stream.ts";

/** The number of values of a column that are compared, in evenly distributed runs: 5,000 columns take 20 ms. */
const comparedValues = 128;
const comparedRuns = 4;
const runRows = comparedValues / comparedRuns;

/** The number of bytes of a string that are compared, besides its length. */
const comparedBytesMax = 64;

/** The share of the most frequent value from which a dictionary pays even if no other value occurs twice. */
const frequentShareMin = 0.5;

/**
 * Returns the columns in which a sample of the rows has repeated values, so that a dictionary may pay. To try a
 * dictionary of values that are all different takes five times as long as to write them.
 *
 * Columns that are not compared are in the result: nested ones, views, and values of other than 32 or 64 bits. Strings
 * and binary values are compared only on request: among many rows, long values that repeat rarely still pay.
 *
 * @param frames - the frames of an IPC stream
 */
export function findRepetitive(
  frames: readonly OpenedFrame[],
  { fields }: Schema,
  { comparesStrings = false }: { readonly comparesStrings?: boolean } = {},
): ReadonlySet<Field> {
  const found = new Set(fields);
  const batch = largestBatch(frames);
  if (batch === undefined || batch.layout.rowCount < comparedValues) return found;
  for (const array of viewRecordBatch({ fields, layout: batch.layout, body: batch.body })) {
    const values = comparesStrings && array.storage.kind === "variable" ? hashStrings(array) : hashSample(array);
    if (values !== undefined && !isRepetitive(values)) found.delete(array.field);
  }
  return found;
}

function largestBatch(frames: readonly OpenedFrame[]) {
  let largest;
  for (const { message, body } of frames) {
    if (message.kind !== "record_batch") continue;
    if (largest === undefined || message.layout.rowCount > largest.layout.rowCount)
      largest = { layout: message.layout, body };
  }
  return largest;
}

/** Returns hashes of a sample of the values, without nulls; undefined if the values are not compared. */
function hashSample(array: ArrayView): Int32Array | undefined {
  const { field, storage, length, offset, buffers } = array;
  if (field.dictionary || storage.kind !== "fixed" || (storage.bitWidth !== 32 && storage.bitWidth !== 64)) {
    return undefined;
  }
  const wordCount = storage.bitWidth / 32;
  const sample = new Sample(array);
  const words = new Int32Array(runRows * wordCount);
  for (const rowStart of runsOf(length)) {
    buffers[0]!.copyTo(new Uint8Array(words.buffer), (offset + rowStart) * wordCount * 4);
    for (let i = 0; i < runRows; i++) {
      sample.add(rowStart + i, wordCount === 1 ? words[i]! : Math.imul(words[2 * i]!, hashFactor) ^ words[2 * i + 1]!);
    }
  }
  return sample.hashes;
}

/**
 * Returns hashes of the lengths and first bytes of a sample of strings, without nulls; undefined if they are not
 * compared, because an offset is not valid.
 */
function hashStrings(array: ArrayView): Int32Array | undefined {
  const { storage, length, offset, buffers } = array;
  if (storage.kind !== "variable") return undefined;
  const [offsets, bytes] = [buffers[0]!, buffers[1]!];
  const { offsetByteWidth } = storage;
  const sample = new Sample(array);
  const first = new Uint8Array(comparedBytesMax);
  for (const rowStart of runsOf(length)) {
    const bounds = offsets.readIntegers((offset + rowStart) * offsetByteWidth, runRows + 1, offsetByteWidth);
    for (let i = 0; i < runRows; i++) {
      const [start, end] = [bounds[i]!, bounds[i + 1]!];
      if (start < 0 || end < start || end > bytes.byteLength) return undefined;
      const compared = first.subarray(0, Math.min(end - start, comparedBytesMax));
      bytes.copyTo(compared, start);
      sample.add(
        rowStart + i,
        compared.reduce((hash, byte) => Math.imul(hash, hashFactor) + byte, end - start),
      );
    }
  }
  return sample.hashes;
}

/** An odd number that spreads bits, from the golden ratio. */
const hashFactor = 0x9e3779b1;

/** Returns the first rows of the compared runs. */
function runsOf(rowCount: number): number[] {
  return Array.from({ length: comparedRuns }, (_, run) =>
    Math.floor((run * (rowCount - runRows)) / (comparedRuns - 1)),
  );
}

/** The hashes of the values of an array that are not null. */
class Sample {
  readonly #isValid: ((row: number) => boolean) | undefined;
  readonly #hashes = new Int32Array(comparedValues);
  #count = 0;

  constructor(array: ArrayView) {
    this.#isValid = array.validity && readValidity(array);
  }

  add(row: number, hash: number): void {
    if (this.#isValid?.(row) ?? true) this.#hashes[this.#count++] = hash;
  }

  get hashes(): Int32Array {
    return this.#hashes.subarray(0, this.#count);
  }
}

/** Returns whether values besides the most frequent one occur twice, or whether that is most of the values. */
function isRepetitive(hashes: Int32Array): boolean {
  const sorted = hashes.toSorted();
  let [distinctCount, largestCount, count] = [0, 0, 0];
  for (let i = 0; i < sorted.length; i++) {
    const isSame = i > 0 && sorted[i] === sorted[i - 1];
    count = isSame ? count + 1 : 1;
    if (!isSame) distinctCount += 1;
    largestCount = Math.max(largestCount, count);
  }
  if (largestCount >= frequentShareMin * sorted.length) return true;
  return sorted.length - distinctCount > largestCount - 1;
}
