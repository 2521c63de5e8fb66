import { readScalars, readValidity, type ArrayView, type Field } from "hangar/flight";
import { formatScalar, type Dictionaries } from "hangar/rows";
import type { Bins, Measure } from "./bins.ts";
import { DistinctCounter } from "./distinct-counter.ts";
import { formatDeviation, formatFloatNear, formatRatio, type Spread } from "./format-near.ts";
import { Histogram } from "./histogram.ts";
import { Moments } from "./moments.ts";
import { WholeSum } from "./ratio.ts";
import { readNumbers, type Numbers } from "./read-numbers.ts";
import type { ColumnSummariser, ColumnSummary, Statistics, SummaryLimits } from "./summary.ts";
import { hashInteger, hashNumber } from "./value-hash.ts";
import { ValueSample, type Quantile } from "./value-sample.ts";

/** Looks at numbers and times. */
export class MeasureSummariser implements ColumnSummariser {
  readonly #field: Field;
  readonly #histogram: Histogram;
  readonly #moments = new Moments();
  /** Of whole numbers, whose mean floats may not hold. */
  readonly #sum: WholeSum | undefined;
  /** What large integers are less, so that floats hold what they differ by. */
  #base: bigint | undefined;
  readonly #sample: ValueSample;
  readonly #distinct: DistinctCounter;
  readonly #outside = { nan: 0, infinity: 0, minusInfinity: 0 };
  #rowCount = 0;
  #nullCount = 0;
  #min: Measure | undefined;
  #max: Measure | undefined;

  constructor(field: Field, bins: Bins, { sampleMax, distinct }: SummaryLimits) {
    this.#field = field;
    this.#sum = field.type.kind === "float" ? undefined : new WholeSum();
    this.#histogram = new Histogram(bins);
    this.#sample = new ValueSample(sampleMax);
    this.#distinct = new DistinctCounter(distinct);
  }

  add(array: ArrayView, _dictionaries: Dictionaries, rowCount: number): void {
    const numbers = readNumbers(array);
    const finite = numbers ? this.#addNumbers(array, numbers, rowCount) : this.#addIntegers(array, rowCount);
    this.#extend(finite);
    this.#sum?.add(finite);
    this.#sample.add(finite, finite.length);
    const offsets = this.#offsetsOf(finite);
    this.#moments.add(offsets, offsets.length);
    this.#rowCount += rowCount;
  }

  summary(): ColumnSummary {
    const write = formatScalar(this.#field);
    const [min, max] = [this.#min, this.#max].map((bound) =>
      bound === undefined ? undefined : { text: write(this.#toValue(bound)), isCut: false },
    );
    const { bars, isEach } = this.#histogram.bars();
    return {
      rowCount: this.#rowCount,
      nullCount: this.#nullCount,
      min,
      max,
      distinct: this.#distinct.count,
      distribution: {
        kind: "histogram",
        bars: bars.map(({ from, rowCount }) => ({ from: write(from), rowCount })),
        isEach,
        outside: { ...this.#outside },
        statistics: this.#statistics(),
      },
    };
  }

  #statistics(): Statistics | undefined {
    const { mean, deviation, count } = this.#moments;
    const quantiles = this.#sample.quantiles();
    if (quantiles.length === 0) return undefined;
    const spread = { min: Number(this.#min), max: Number(this.#max), deviation: deviation ?? 0 };
    const float = mean === undefined ? undefined : formatFloatNear(this.#field, mean, spread);
    return {
      mean: this.#sum ? formatRatio(this.#field, this.#sum.meanOf(count)) : float,
      deviation: deviation === undefined ? undefined : formatDeviation(this.#field, deviation),
      quantiles: quantiles.map((quantile) => ({
        percent: quantile.percent,
        text: this.#formatQuantile(quantile, spread),
      })),
      sampleSize: this.#sample.isWhole ? undefined : this.#sample.sizeMax,
    };
  }

  #formatQuantile({ low, high, hundredths }: Quantile, spread: Spread): string {
    if (typeof low === "number" && typeof high === "number" && this.#sum === undefined) {
      return formatFloatNear(this.#field, low + ((high - low) * hundredths) / 100, spread);
    }
    const numerator = BigInt(low) * BigInt(100 - hundredths) + BigInt(high) * BigInt(hundredths);
    return formatRatio(this.#field, { numerator, denominator: 100n });
  }

  #extend(values: Iterable<Measure>): void {
    for (const value of values) {
      if (this.#min === undefined || value < this.#min) this.#min = value;
      if (this.#max === undefined || value > this.#max) this.#max = value;
    }
  }

  #offsetsOf(values: ArrayLike<Measure>): ArrayLike<number> {
    const first = values[0];
    this.#base ??= typeof first === "bigint" ? first : first === undefined ? undefined : 0n;
    const base = this.#base;
    if (base === undefined || (base === 0n && typeof first === "number")) return values as ArrayLike<number>;
    return Float64Array.from(values, (value) => Number(BigInt(value) - base));
  }

  /** @returns the finite numbers of the batch */
  #addNumbers(array: ArrayView, numbers: Numbers, rowCount: number): Float64Array {
    const isValid = readValidity(array);
    const finite = new Float64Array(rowCount);
    let count = 0;
    for (let i = 0; i < rowCount; i++) {
      if (!isValid(i)) {
        this.#nullCount += 1;
        continue;
      }
      const value = numbers[i]!;
      if (Number.isFinite(value)) {
        finite[count++] = value;
        this.#histogram.add(value);
        this.#distinct.add(hashNumber(value));
      } else this.#countOutside(value);
    }
    return finite.subarray(0, count);
  }

  /** Counts integers that numbers may not be exact for. */
  #addIntegers(array: ArrayView, rowCount: number): readonly bigint[] {
    const isValid = readValidity(array);
    const read = readScalars(array);
    const values: bigint[] = [];
    for (let i = 0; i < rowCount; i++) {
      if (!isValid(i)) {
        this.#nullCount += 1;
        continue;
      }
      const value = read(i) as bigint;
      values.push(value);
      this.#histogram.add(value);
      this.#distinct.add(hashInteger(value));
    }
    return values;
  }

  #countOutside(value: number): void {
    if (Number.isNaN(value)) this.#outside.nan += 1;
    else this.#outside[value > 0 ? "infinity" : "minusInfinity"] += 1;
    this.#distinct.add(hashNumber(value));
  }

  /** A bound as the type has its values: of 64 bits and more as a bigint. */
  #toValue(bound: Measure): Measure {
    const { type } = this.#field;
    const isNarrow =
      type.kind === "float" ||
      ((type.kind === "int" || type.kind === "time") && type.bitWidth < 64) ||
      (type.kind === "date" && type.unit === "day");
    return isNarrow ? bound : BigInt(bound);
  }
}
