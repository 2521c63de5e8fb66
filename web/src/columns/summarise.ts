import {
  readScalars,
  readValidity,
  type ArrayView,
  type DataType,
  type ElementReader,
  type Field,
  type Scalar,
} from "hangar/flight";
import { formatScalar, textCells, type Dictionaries } from "hangar/rows";

/** What is known of a column from the rows that have been looked at; plain, so that a worker can send it. */
export interface ColumnSummary {
  readonly rowCount: number;
  readonly nullCount: number;
  readonly min: string | undefined;
  readonly max: string | undefined;
  readonly distribution: Distribution;
}

/** How the values are distributed. */
export type Distribution =
  | { readonly kind: "none" }
  /** Numbers and times: rows in each of equal parts between `edges`, which are one more, as docs/rows.md writes them. */
  | { readonly kind: "histogram"; readonly counts: readonly number[]; readonly edges: readonly string[] }
  /** Everything else: the values that most rows have. */
  | {
      readonly kind: "top";
      readonly values: readonly { readonly text: string; readonly rowCount: number }[];
      readonly isPart: boolean;
    };

/** Parts of a histogram. */
const binCount = 24;
/** Values that are shown of a column of texts. */
const topCount = 6;
/** Different texts that are counted; a column with more has no values worth counting. */
const distinctMax = 20_000;
/** Characters of a text that count as its value. */
const textCharsMax = 120;

/** Looks at the values of one column, batch by batch. */
export class ColumnSummariser {
  readonly #field: Field;
  readonly #numbers: number[] = [];
  readonly #texts = new Map<string, number>();
  readonly #isCounted: boolean;
  #hasMore = false;
  #rowCount = 0;
  #nullCount = 0;

  constructor(field: Field) {
    this.#field = field;
    this.#isCounted = field.dictionary === undefined && isOrdered(field.type);
  }

  /** Looks at the first rows of a batch. */
  add(array: ArrayView, dictionaries: Dictionaries, rowCount: number): void {
    this.#rowCount += rowCount;
    if (this.#isCounted) this.#addNumbers(array, rowCount);
    else this.#addTexts(textCells(array, dictionaries), rowCount);
  }

  /** What has been seen by now. */
  summary(): ColumnSummary {
    const common = { rowCount: this.#rowCount, nullCount: this.#nullCount };
    if (this.#field.children.length > 0) {
      return { ...common, min: undefined, max: undefined, distribution: { kind: "none" } };
    }
    return { ...common, ...(this.#isCounted ? this.#histogram() : this.#top()) };
  }

  #addNumbers(array: ArrayView, rowCount: number): void {
    const isValid = readValidity(array);
    const read = readScalars(array);
    for (let i = 0; i < rowCount; i++) {
      if (isValid(i)) this.#numbers.push(Number(read(i)));
      else this.#nullCount += 1;
    }
  }

  #addTexts(read: ElementReader<string | null>, rowCount: number): void {
    for (let i = 0; i < rowCount; i++) {
      const text = read(i)?.slice(0, textCharsMax);
      if (text === undefined) this.#nullCount += 1;
      else if (this.#texts.size < distinctMax || this.#texts.has(text)) {
        this.#texts.set(text, (this.#texts.get(text) ?? 0) + 1);
      } else this.#hasMore = true;
    }
  }

  #histogram(): Omit<ColumnSummary, "rowCount" | "nullCount"> {
    const { min, max } = rangeOf(this.#numbers);
    if (min > max) return { min: undefined, max: undefined, distribution: { kind: "none" } };
    const write = formatScalar(this.#field);
    const { toValue, isWhole } = numberOf(this.#field);
    // Whole numbers that are few have a bar each.
    const isEach = isWhole && max - min < binCount;
    const end = isEach ? max + 1 : max;
    const counts = countBins(this.#numbers, { min, max: end, binCount: isEach ? end - min : binCount });
    const inner = counts.slice(1).map((_, i) => write(toValue(roughly(min + ((end - min) * (i + 1)) / counts.length))));
    const edges = [write(toValue(min)), ...inner, write(toValue(end))];
    return { min: edges[0], max: write(toValue(max)), distribution: { kind: "histogram", counts, edges } };
  }

  #top(): Omit<ColumnSummary, "rowCount" | "nullCount"> {
    const texts = [...this.#texts.keys()].sort();
    const ranked = [...this.#texts].sort(([, a], [, b]) => b - a).slice(0, topCount);
    const values = ranked.map(([text, rowCount]) => ({ text, rowCount }));
    const isPart = this.#hasMore || this.#texts.size > topCount;
    return { min: texts[0], max: texts.at(-1), distribution: { kind: "top", values, isPart } };
  }
}

/** Counts finite numbers in equal parts of a range, both ends inclusive; one part where all are the same; pure. */
export function countBins(
  numbers: readonly number[],
  { min, max, binCount }: { min: number; max: number; binCount: number },
): readonly number[] {
  const counts = Array.from({ length: min === max ? 1 : binCount }, () => 0);
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    const bin = min === max ? 0 : Math.floor(((number - min) / (max - min)) * binCount);
    counts[Math.min(bin, counts.length - 1)]! += 1;
  }
  return counts;
}

function rangeOf(numbers: readonly number[]): { min: number; max: number } {
  let [min, max] = [Infinity, -Infinity];
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    if (number < min) min = number;
    if (number > max) max = number;
  }
  return { min, max };
}

/** Types whose values are numbers, or are stored as such. */
function isOrdered({ kind }: DataType): boolean {
  return ["int", "float", "decimal", "date", "time", "timestamp", "duration"].includes(kind);
}

/** Edges between bars need not have more digits than can be read; whole ones stay whole. */
function roughly(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(6));
}

/** How a number stands for a value of a field's type, and whether all of them are whole. */
function numberOf({ type }: Field): { toValue: (value: number) => Scalar; isWhole: boolean } {
  if (type.kind === "float") return { toValue: (value) => value, isWhole: false };
  if (type.kind === "date" && type.unit === "day") return { toValue: Math.round, isWhole: true };
  return { toValue: (value) => BigInt(Math.round(value)), isWhole: type.kind === "int" };
}
