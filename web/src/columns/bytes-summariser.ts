import { bytesTextOf, readValidity, type ArrayView, type Field } from "hangar/flight";
import { formatScalar, type Dictionaries } from "hangar/rows";
import { isBinary } from "../table/show-cells.ts";
import { compareBytes, readBytes } from "./read-bytes.ts";
import { topCount, type Bound, type ColumnSummariser, type ColumnSummary, type SummaryLimits } from "./summary.ts";
import { keptBytesMax, ValueCounts } from "./value-counts.ts";
import { hashBytes } from "./value-hash.ts";

/** The bytes that a bound begins with, and whether there are more. */
interface Beginning {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

/** Looks at strings and binaries; only values that are met first become text. */
export class BytesSummariser implements ColumnSummariser {
  readonly #write: (bytes: Uint8Array) => string;
  readonly #counts: ValueCounts;
  #rowCount = 0;
  #nullCount = 0;
  #min: Beginning | undefined;
  #max: Beginning | undefined;

  constructor(field: Field, limits: SummaryLimits) {
    this.#counts = new ValueCounts(limits);
    const isText = !isBinary(field.type) || bytesTextOf(field) === "utf8";
    this.#write = isText ? decodeBeginning : (bytes) => formatScalar(field)(bytes);
  }

  add(array: ArrayView, _dictionaries: Dictionaries, rowCount: number): void {
    const isValid = readValidity(array);
    const cursor = readBytes(array);
    const keep = (byteLengthMax: number): Bound => this.#toBound(cutBytes(cursor, byteLengthMax));
    for (let i = 0; i < rowCount; i++) {
      if (!isValid(i)) {
        this.#nullCount += 1;
        continue;
      }
      cursor.seek(i);
      // A value that has been counted is within the bounds.
      if (this.#counts.add(hashBytes(cursor.bytes, cursor.start, cursor.end), keep)) this.#extend(cursor);
    }
    this.#rowCount += rowCount;
  }

  summary(): ColumnSummary {
    return {
      rowCount: this.#rowCount,
      nullCount: this.#nullCount,
      min: this.#min && this.#toBound(this.#min),
      max: this.#max && this.#toBound(this.#max),
      distinct: this.#counts.distinct,
      distribution: { kind: "top", values: this.#counts.top(topCount), hasMore: this.#counts.hasMore },
    };
  }

  #extend(cursor: ByteRun): void {
    const value = cursor.bytes.subarray(cursor.start, Math.min(cursor.end, cursor.start + keptBytesMax));
    if (this.#min === undefined || compareBytes(value, this.#min.bytes) < 0) this.#min = cutBytes(cursor, keptBytesMax);
    if (this.#max === undefined || compareBytes(value, this.#max.bytes) > 0) this.#max = cutBytes(cursor, keptBytesMax);
  }

  #toBound({ bytes, isCut }: Beginning): Bound {
    // Three bytes are four characters of base64, which goes on from there.
    return { text: this.#write(isCut ? bytes.subarray(0, bytes.length - (bytes.length % 3)) : bytes), isCut };
  }
}

type ByteRun = { readonly bytes: Uint8Array; readonly start: number; readonly end: number };

/** The beginning of a value, in memory of its own. */
function cutBytes({ bytes, start, end }: ByteRun, byteLengthMax: number): Beginning {
  const stop = Math.min(end, start + byteLengthMax);
  return { bytes: bytes.slice(start, stop), isCut: stop < end };
}

/** Bytes as text; a character that has been cut is left out. */
function decodeBeginning(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: true });
}
