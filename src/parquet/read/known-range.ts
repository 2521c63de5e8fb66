import type { Field, Scalar } from "../../arrow/index.ts";
import { compareOf } from "../../filter/index.ts";
import type { ColumnChunk } from "../format/column-chunks.ts";
import { toStatisticValue } from "../format/statistic-value.ts";

/** What statistics state of the values of a column chunk, or of a page. */
export interface StatedRange extends Pick<
  ColumnChunk,
  "min" | "max" | "nullCount" | "physicalType" | "typeByteLength" | "unit"
> {
  /** Values, nulls among them. */
  readonly valueCount: number;
  /** Whether they state a bound in any form, also in one that is not read. */
  readonly hasBounds: boolean;
}

/** What is known of some values; what statistics do not tell, or tell in contradiction to themselves, is undefined. */
export interface KnownRange {
  readonly nullCount: number | undefined;
  /** No value that is not null, and not NaN, is less. */
  readonly min: Scalar | undefined;
  /** No value that is not null, and not NaN, is greater. */
  readonly max: Scalar | undefined;
}

/** What statistics tell that are missing, or cannot be right. */
export const unknownRange: KnownRange = { nullCount: undefined, min: undefined, max: undefined };

/**
 * What statistics tell of values, as far as it can be right: writers have counted nulls once for each page, and have
 * sorted unsigned integers and decimals by another order than the format's. Where one statement shows that, none counts.
 *
 * @param field - whose values they are of
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
