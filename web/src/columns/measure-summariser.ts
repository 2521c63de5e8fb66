import { readScalars, readValidity, type ArrayView, type Field } from "hangar/flight";
import { formatScalar, type Dictionaries } from "hangar/rows";
import type { Bins, Measure } from "./bins.ts";
import { DistinctCounter } from "./distinct-counter.ts";
import { formatDeviation, formatNear } from "./format-near.ts";
import { Histogram } from "./histogram.ts";
import { Moments } from "./moments.ts";
import { readNumbers, type Numbers } from "./read-numbers.ts";
import type { ColumnSummariser, ColumnSummary, Statistics, SummaryLimits } from "./summary.ts";
import { hashInteger, hashNumber } from "./value-hash.ts";
import { ValueSample } from "./value-sample.ts";

/** Looks at numbers and times. */
export class MeasureSummariser implements ColumnSummariser {
  readonly #field: Field;
  readonly #histogram: Histogram;
  readonly #moments = new Moments();
  readonly #sample: ValueSample;
  readonly #distinct: DistinctCounter;
  readonly #outside = { nan: 0, infinity: 0, minusInfinity: 0 };
  #rowCount = 0;
  #nullCount = 0;
  #min: Measure | undefined;
  #max: Measure | undefined;

  constructor(field: Field, bins: Bins, { sampleMax, distinct }: SummaryLimits) {
    this.#field = field;
    this.#histogram = new Histogram(bins);
    this.#sample = new ValueSample(sampleMax);
    this.#distinct = new DistinctCounter(distinct);
  }

  add(array: ArrayView, _dictionaries: Dictionaries, rowCount: number): void {
    const numbers = readNumbers(array);
    const finite = numbers ? this.#addNumbers(array, numbers, rowCount) : this.#addIntegers(array, rowCount);
    this.#moments.add(finite, finite.length);
    this.#sample.add(finite, finite.length);
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
    const { mean, deviation } = this.#moments;
    const quantiles = this.#sample.quantiles();
    if (quantiles.length === 0) return undefined;
    return {
      mean: mean === undefined ? undefined : formatNear(this.#field, mean),
      deviation: deviation === undefined ? undefined : formatDeviation(this.#field, deviation),
      quantiles: quantiles.map(({ share, value }) => ({ share, text: formatNear(this.#field, value) })),
      sampleSize: this.#sample.isWhole ? undefined : this.#sample.sizeMax,
    };
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
    const values = finite.subarray(0, count);
    for (const value of values) {
      if (this.#min === undefined || value < this.#min) this.#min = value;
      if (this.#max === undefined || value > this.#max) this.#max = value;
    }
    return values;
  }

  /** Counts integers that numbers may not be exact for. @returns numbers near them */
  #addIntegers(array: ArrayView, rowCount: number): readonly number[] {
    const isValid = readValidity(array);
    const read = readScalars(array);
    const near: number[] = [];
    for (let i = 0; i < rowCount; i++) {
      if (!isValid(i)) {
        this.#nullCount += 1;
        continue;
      }
      const value = read(i) as bigint;
      near.push(Number(value));
      this.#histogram.add(value);
      this.#distinct.add(hashInteger(value));
      if (this.#min === undefined || value < this.#min) this.#min = value;
      if (this.#max === undefined || value > this.#max) this.#max = value;
    }
    return near;
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
