import { readScalars, readValidity, type ArrayView, type DataType, type Field } from "hangar/flight";
import { formatScalar, textCells, type Dictionaries } from "hangar/rows";
import type { SortKey } from "../table/order-rows.ts";
import { toSortKey } from "../table/sort-key.ts";
import { binsOf, type Bins, type Measure } from "./bins.ts";
import { Histogram } from "./histogram.ts";
import { beginningOf, copyOf, ValueCounts, type CountedText } from "./value-counts.ts";

/**
 * What is known of a column from the rows that have been looked at; plain, so that a worker can send it. Values are as
 * docs/rows.md writes them.
 */
export interface ColumnSummary {
  readonly rowCount: number;
  readonly nullCount: number;
  /** Bounds of the values that are no nulls and not NaN; the beginnings of long texts. */
  readonly min: string | undefined;
  readonly max: string | undefined;
  readonly distribution: Distribution;
}

/** How the values are distributed. */
export type Distribution =
  /** Of nested values nothing is told. */
  { readonly kind: "none" } | HistogramSummary | TopSummary;

/** Numbers and times: rows in parts of one width. */
export interface HistogramSummary {
  readonly kind: "histogram";
  /** Each begins with `from`, inclusive, and ends where the next one begins. */
  readonly bars: readonly { readonly from: string; readonly rowCount: number }[];
  /** Whether each bar stands for one value. */
  readonly isEach: boolean;
  /** Rows whose value is NaN or infinite, and so has no bar. */
  readonly outsideCount: number;
}

/** Everything else: the values that most rows have. */
export interface TopSummary {
  readonly kind: "top";
  readonly values: readonly CountedText[];
  readonly distinctCount: number;
  /** Whether there are more different values than have been counted. */
  readonly hasMore: boolean;
}

/** Values that are shown of a column of texts. */
const topCount = 6;

/** Looks at the values of one column, batch by batch; what it keeps does not grow with the rows. */
export interface ColumnSummariser {
  /** Looks at the first rows of a batch. */
  add(array: ArrayView, dictionaries: Dictionaries, rowCount: number): void;
  /** What has been seen by now. */
  summary(): ColumnSummary;
}

/**
 * Begins to look at a column.
 *
 * @param options - `distinctMax`: different texts that are counted at most
 */
export function createSummariser(field: Field, { distinctMax }: { readonly distinctMax: number }): ColumnSummariser {
  if (isNested(field)) return new NullSummariser();
  const bins = field.dictionary === undefined ? binsOf(field.type) : undefined;
  return bins ? new MeasureSummariser(field, bins) : new TextSummariser(field.type, distinctMax);
}

/** Whether values have parts. Those of unions and of run-end encoding are the values of their children. */
function isNested({ dictionary, children, type }: Field): boolean {
  return !dictionary && children.length > 0 && type.kind !== "union" && type.kind !== "run_end_encoded";
}

/** Counts nulls alone. */
class NullSummariser implements ColumnSummariser {
  #rowCount = 0;
  #nullCount = 0;

  add(array: ArrayView, _dictionaries: Dictionaries, rowCount: number): void {
    const isValid = readValidity(array);
    for (let i = 0; i < rowCount; i++) if (!isValid(i)) this.#nullCount += 1;
    this.#rowCount += rowCount;
  }

  summary(): ColumnSummary {
    const counts = { rowCount: this.#rowCount, nullCount: this.#nullCount };
    return { ...counts, min: undefined, max: undefined, distribution: { kind: "none" } };
  }
}

class MeasureSummariser implements ColumnSummariser {
  readonly #field: Field;
  readonly #histogram: Histogram;
  #rowCount = 0;
  #nullCount = 0;
  #outsideCount = 0;
  #min: Measure | undefined;
  #max: Measure | undefined;

  constructor(field: Field, bins: Bins) {
    this.#field = field;
    this.#histogram = new Histogram(bins);
  }

  add(array: ArrayView, _dictionaries: Dictionaries, rowCount: number): void {
    const isValid = readValidity(array);
    const read = readScalars(array);
    for (let i = 0; i < rowCount; i++) {
      if (isValid(i)) this.#count(read(i) as Measure);
      else this.#nullCount += 1;
    }
    this.#rowCount += rowCount;
  }

  summary(): ColumnSummary {
    const write = formatScalar(this.#field);
    const [min, max] = [this.#min, this.#max].map((bound) => (bound === undefined ? undefined : write(bound)));
    const { bars, isEach } = this.#histogram.bars();
    const distribution: HistogramSummary = {
      kind: "histogram",
      bars: bars.map(({ from, rowCount }) => ({ from: write(from), rowCount })),
      isEach,
      outsideCount: this.#outsideCount,
    };
    return { rowCount: this.#rowCount, nullCount: this.#nullCount, min, max, distribution };
  }

  #count(value: Measure): void {
    if (typeof value === "bigint" || Number.isFinite(value)) this.#histogram.add(value);
    else this.#outsideCount += 1;
    if (Number.isNaN(value)) return;
    if (this.#min === undefined || value < this.#min) this.#min = value;
    if (this.#max === undefined || value > this.#max) this.#max = value;
  }
}

/** The least or greatest text by now, and what it is compared by. */
interface Bound {
  readonly text: string;
  readonly key: NonNullable<SortKey>;
}

class TextSummariser implements ColumnSummariser {
  readonly #type: DataType;
  readonly #counts: ValueCounts;
  #rowCount = 0;
  #nullCount = 0;
  #min: Bound | undefined;
  #max: Bound | undefined;

  constructor(type: DataType, distinctMax: number) {
    this.#type = type;
    this.#counts = new ValueCounts(distinctMax);
  }

  add(array: ArrayView, dictionaries: Dictionaries, rowCount: number): void {
    const read = textCells(array, dictionaries);
    for (let i = 0; i < rowCount; i++) {
      const text = read(i);
      if (text === null) this.#nullCount += 1;
      else this.#count(text);
    }
    this.#rowCount += rowCount;
  }

  summary(): ColumnSummary {
    const distribution: TopSummary = {
      kind: "top",
      values: this.#counts.top(topCount),
      distinctCount: this.#counts.distinctCount,
      hasMore: this.#counts.hasMore,
    };
    const [min, max] = [this.#min?.text, this.#max?.text];
    return { rowCount: this.#rowCount, nullCount: this.#nullCount, min, max, distribution };
  }

  #count(text: string): void {
    this.#counts.add(text);
    const value = beginningOf(text);
    const key = toSortKey(this.#type, value);
    if (Number.isNaN(key)) return;
    if (this.#min === undefined || key < this.#min.key) this.#min = { text: copyOf(value), key };
    if (this.#max === undefined || key > this.#max.key) this.#max = { text: copyOf(value), key };
  }
}
