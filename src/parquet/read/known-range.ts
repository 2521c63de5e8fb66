import type { Field, Scalar } from "../../arrow/index.ts";
import { compareOf } from "../../filter/index.ts";
import type { ColumnChunk } from "../format/column-chunks.ts";
import { toStatisticValue } from "../format/statistic-value.ts";

/** The statistics of a column chunk or a page, as the file states them. */
export interface StatedRange extends Pick<
  ColumnChunk,
  "min" | "max" | "nullCount" | "physicalType" | "typeByteLength" | "unit"
> {
  /** The number of values, including nulls. */
  readonly valueCount: number;
  /** Whether the file states a bound, even in a form that this server does not read. */
  readonly hasBounds: boolean;
}

/** The known range of some values. A statistic is undefined if it is missing or contradicts another one. */
export interface KnownRange {
  readonly nullCount: number | undefined;
  /** No value is less, except nulls and NaN. */
  readonly min: Scalar | undefined;
  /** No value is greater, except nulls and NaN. */
  readonly max: Scalar | undefined;
}

/** The range for missing or wrong statistics. */
export const unknownRange: KnownRange = { nullCount: undefined, min: undefined, max: undefined };

/**
 * Returns the reliable part of statistics. Some writers counted nulls once for each page, or sorted unsigned integers
 * and decimals in a wrong order. If one statistic shows such an error, all are ignored.
 *
 * @param field - the field of the values
 */
export function toKnownRange(stated: StatedRange, field: Field): KnownRange {
  const { nullCount, valueCount, hasBounds } = stated;
  if (nullCount !== undefined && nullCount > valueCount) return unknownRange;
  if (nullCount === valueCount && hasBounds) return unknownRange;
  const min = toStatisticValue(stated.min, stated, field);
  const max = toStatisticValue(stated.max, stated, field);
  if (Number.isNaN(min) || Number.isNaN(max)) return { ...unknownRange, nullCount };
  if (min !== undefined && max !== undefined && compareOf(min)(min, max) > 0) return unknownRange;
  return { nullCount, min, max };
}
