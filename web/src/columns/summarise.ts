import { readValidity, type ArrayView, type Field } from "hangar/flight";
import type { Dictionaries } from "hangar/rows";
import { isBinary, shownType } from "../table/show-cells.ts";
import { binsOf } from "./bins.ts";
import { BytesSummariser } from "./bytes-summariser.ts";
import { MeasureSummariser } from "./measure-summariser.ts";
import type { ColumnSummariser, ColumnSummary, SummaryLimits } from "./summary.ts";
import { TextSummariser } from "./text-summariser.ts";

/** Begins to look at a column. */
export function createSummariser(field: Field, limits: SummaryLimits): ColumnSummariser {
  if (isNested(field)) return new NullSummariser();
  if (field.dictionary !== undefined) return new TextSummariser(shownType(field), limits);
  const bins = binsOf(field.type);
  if (bins) return new MeasureSummariser(field, bins, limits);
  return isBytes(field) ? new BytesSummariser(field, limits) : new TextSummariser(shownType(field), limits);
}

/** Whether values have parts. Those of unions and of run-end encoding are the values of their children. */
function isNested({ dictionary, children, type }: Field): boolean {
  return !dictionary && children.length > 0 && type.kind !== "union" && type.kind !== "run_end_encoded";
}

function isBytes({ type }: Field): boolean {
  return isBinary(type) || ["utf8", "large_utf8", "utf8_view"].includes(type.kind);
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
    return {
      rowCount: this.#rowCount,
      nullCount: this.#nullCount,
      min: undefined,
      max: undefined,
      distinct: undefined,
      distribution: { kind: "none" },
    };
  }
}
