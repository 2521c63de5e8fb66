import type { ArrayView, DataType } from "hangar/flight";
import { textCells, type Dictionaries } from "hangar/rows";
import type { SortKey } from "../table/order-rows.ts";
import { toSortKey } from "../table/sort-key.ts";
import { topCount, type Bound, type ColumnSummariser, type ColumnSummary, type SummaryLimits } from "./summary.ts";
import { keptBytesMax, ValueCounts } from "./value-counts.ts";
import { hashText } from "./value-hash.ts";

/** A bound, and what it is compared by. */
interface KeyedBound extends Bound {
  readonly key: NonNullable<SortKey>;
}

/** Looks at values of any type by their texts: those of dictionaries, and of types of few values. */
export class TextSummariser implements ColumnSummariser {
  readonly #type: DataType;
  readonly #counts: ValueCounts;
  #rowCount = 0;
  #nullCount = 0;
  #min: KeyedBound | undefined;
  #max: KeyedBound | undefined;

  constructor(type: DataType, limits: SummaryLimits) {
    this.#type = type;
    this.#counts = new ValueCounts(limits);
  }

  add(array: ArrayView, dictionaries: Dictionaries, rowCount: number): void {
    const read = textCells(array, dictionaries);
    for (let i = 0; i < rowCount; i++) {
      const text = read(i);
      if (text === null) this.#nullCount += 1;
      else if (this.#counts.add(hashText(text), (charsMax) => cutText(text, charsMax))) this.#extend(text);
    }
    this.#rowCount += rowCount;
  }

  summary(): ColumnSummary {
    return {
      rowCount: this.#rowCount,
      nullCount: this.#nullCount,
      min: this.#min && { text: this.#min.text, isCut: this.#min.isCut },
      max: this.#max && { text: this.#max.text, isCut: this.#max.isCut },
      distinct: this.#counts.distinct,
      distribution: { kind: "top", values: this.#counts.top(topCount), hasMore: this.#counts.hasMore },
    };
  }

  #extend(text: string): void {
    const bound = cutText(text, keptBytesMax);
    const key = toSortKey(this.#type, bound.text);
    if (Number.isNaN(key)) return;
    if (this.#min === undefined || key < this.#min.key) this.#min = { ...bound, key };
    if (this.#max === undefined || key > this.#max.key) this.#max = { ...bound, key };
  }
}

/** The beginning of a text, no character in halves, in memory of its own: a slice of a string keeps all of it; pure. */
export function cutText(text: string, charsMax: number): Bound {
  if (text.length <= charsMax) return { text, isCut: false };
  // Four characters of base64 are three bytes.
  const end = charsMax - (charsMax % 4);
  const isHalf = /[\uD800-\uDBFF]/.test(text[end - 1]!);
  return { text: JSON.parse(JSON.stringify(text.slice(0, isHalf ? end - 1 : end))) as string, isCut: true };
}
