import type { Field } from "../../arrow/index.ts";
import {
  careful,
  compressionGainMin,
  deltaGainMin,
  deltaFields,
  type ColumnEncoding,
  type ColumnEncodings,
} from "./column-encodings.ts";
import { estimateSnappy } from "./estimate-snappy.ts";
import { isRepetitive, sampleColumns } from "./find-repetitive.ts";
import { openStream } from "./open-stream.ts";
import type { ValueSample } from "./value-sample.ts";

/** The encoding of strings that do not repeat: Snappy finds out fast whether they can be compressed. */
const plainText: ColumnEncoding = { layout: "plain", isCompressed: true };

/** The bits that a value may take more as a difference than as an index: to make a dictionary takes ten times as long. */
const moreDeltaBitsMax = 2;

/** The kinds of types whose values Parquet stores as they are in Arrow. */
const storedAsTheyAre: ReadonlySet<string> = new Set(["int", "float", "date", "time", "timestamp", "duration"]);

/**
 * Returns the encodings for a row group that has too few rows to be measured, as a wide one has: dictionaries only for
 * columns in which values repeat, differences for integers that are close together, and Snappy where it pays. All of
 * this is guessed from a sample, because trying takes as long as encoding.
 *
 * @param stream - the row group as an IPC stream
 */
export function guessColumnEncodings(stream: Uint8Array): ColumnEncodings {
  const { frames, schema } = openStream(stream);
  const integers = new Set(deltaFields(schema));
  const columns = new Map<string, ColumnEncoding>();
  for (const { field, sample } of sampleColumns(frames, schema.fields, { comparesStrings: true })) {
    const encoding = guessEncoding(sample, field, integers.has(field));
    if (encoding !== careful) columns.set(field.name, encoding);
  }
  return { columns, nested: careful };
}

function guessEncoding(sample: ValueSample, { type }: Field, isInteger: boolean): ColumnEncoding {
  const repetition = sample.countRepetition();
  const repeats = isRepetitive(repetition, sample.count);
  const deltaBits = isInteger ? estimateDeltaBits(sample) : Infinity;
  const otherBits = repeats ? Math.log2(repetition.distinctCount) + moreDeltaBitsMax : Infinity;
  const isSmall = deltaBits < (1 - deltaGainMin) * sample.wordCount * 32;
  if (isSmall && deltaBits <= otherBits) return { layout: "delta", isCompressed: false };
  if (repeats) return careful;
  return storedAsTheyAre.has(type.kind) ? { layout: "plain", isCompressed: isCompressible(sample) } : plainText;
}

/** Returns the bits that a value needs as a difference to the previous one. Runs of values have their own widths. */
function estimateDeltaBits(sample: ValueSample): number {
  let [bits, differenceCount, start] = [0, 0, 0];
  for (const end of sample.runEnds) {
    let [least, greatest] = [Infinity, -Infinity];
    for (let i = start + 1; i < end; i++) {
      const difference = integerAt(sample, i) - integerAt(sample, i - 1);
      least = Math.min(least, difference);
      greatest = Math.max(greatest, difference);
    }
    if (end > start + 1) {
      bits += Math.ceil(Math.log2(greatest - least + 1)) * (end - start - 1);
      differenceCount += end - start - 1;
    }
    start = end;
  }
  return differenceCount === 0 ? Infinity : bits / differenceCount;
}

function integerAt({ words, wordCount }: ValueSample, index: number): number {
  if (wordCount === 1) return words[index]!;
  return words[2 * index + 1]! * 2 ** 32 + (words[2 * index]! >>> 0);
}

function isCompressible({ words, wordCount, count }: ValueSample): boolean {
  const bytes = new Uint8Array(words.buffer, 0, count * wordCount * 4);
  return estimateSnappy(bytes) < (1 - compressionGainMin) * bytes.byteLength;
}
