import { viewRecordBatch, type ArrayView, type Field, type Schema } from "../../arrow/index.ts";
import type { OpenedFrame } from "./open-stream.ts";
import { sampledValues, ValueSample, type Repetition } from "./value-sample.ts";

/** The share of the most frequent value from which a dictionary pays even if no other value occurs twice. */
const frequentShareMin = 0.5;

/**
 * Returns the columns in which a sample of the rows has repeated values, so that a dictionary may pay. To try a
 * dictionary of values that are all different takes five times as long as to write them.
 *
 * Columns that are not compared are in the result: those of other values than numbers of 32 or 64 bits.
 *
 * @param frames - the frames of an IPC stream
 */
export function findRepetitive(frames: readonly OpenedFrame[], { fields }: Schema): ReadonlySet<Field> {
  const found = new Set(fields);
  for (const { field, sample } of sampleColumns(frames, fields)) {
    if (!isRepetitive(sample.countRepetition(), sample.count)) found.delete(field);
  }
  return found;
}

/** A sample of a column. It is valid until the next one is taken. */
export interface SampledColumn {
  readonly field: Field;
  readonly sample: ValueSample;
}

/**
 * Yields a sample of each column of numbers of 32 or 64 bits in the largest batch; nothing if the batch has too few rows.
 *
 * @param comparesStrings - whether columns of strings and bytes are sampled, too: among many rows, long values that
 *   repeat rarely still pay
 */
export function* sampleColumns(
  frames: readonly OpenedFrame[],
  fields: readonly Field[],
  { comparesStrings = false }: { readonly comparesStrings?: boolean } = {},
): Generator<SampledColumn> {
  const batch = largestBatch(frames);
  if (batch === undefined || batch.layout.rowCount < sampledValues) return;
  const sample = new ValueSample(batch.layout.rowCount);
  const read = (array: ArrayView): boolean =>
    comparesStrings && array.storage.kind === "variable" ? sample.readStrings(array) : sample.readNumbers(array);
  for (const array of viewRecordBatch({ fields, layout: batch.layout, body: batch.body })) {
    if (read(array)) yield { field: array.field, sample };
  }
}

/** Returns whether values besides the most frequent one occur twice, or whether that is most of the values. */
export function isRepetitive({ distinctCount, largestCount }: Repetition, count: number): boolean {
  if (largestCount >= frequentShareMin * count) return true;
  return count - distinctCount > largestCount - 1;
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
