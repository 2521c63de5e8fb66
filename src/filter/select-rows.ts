import { FlightError } from "../flight/index.ts";
import {
  type ArrayView,
  type ElementReader,
  readIndices,
  readScalars,
  readValidity,
  type Scalar,
} from "../arrow/index.ts";
import type { ResolvedCondition } from "./bind-condition.ts";
import type { ResolvedExpression } from "./bind-filter.ts";
import type { FieldPath } from "./find-field.ts";
import { matcherOf, memoized, orderTest } from "./matches.ts";

/** Rows of a record batch, as far as a filter looks at them. */
export interface FilteredRows {
  readonly rowCount: number;
  /** Returns the array of a column, given its field. */
  readonly columnOf: (fields: FieldPath) => ArrayView;
  /** Returns the values of a dictionary. */
  readonly dictionaryOf: (id: bigint) => ArrayView | undefined;
}

/**
 * Says which rows meet a filter, exactly. As in SQL, a comparison with a null is never met, `not in` and `!=` neither.
 *
 * @returns the rows from 0, rising; undefined where they are all of them
 */
export function selectRows(filter: ResolvedExpression, rows: FilteredRows): Uint32Array | undefined {
  const selected = new Uint32Array(rows.rowCount);
  let count = rows.rowCount;
  for (let row = 0; row < count; row++) selected[row] = row;
  for (const part of filter.kind === "and" ? filter.parts : [filter]) {
    const isMet = readExpression(part, { rows, scalars: new Map() });
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const row = selected[i]!;
      if (isMet(row)) selected[kept++] = row;
    }
    count = kept;
  }
  return count === rows.rowCount ? undefined : selected.subarray(0, count);
}

/** What the evaluation of a part of a filter shares. */
interface Evaluation {
  readonly rows: FilteredRows;
  /** Readers copy their array, so each array has only one. */
  readonly scalars: Map<ArrayView, ElementReader<Scalar>>;
}

function readExpression(expression: ResolvedExpression, evaluation: Evaluation): ElementReader<boolean> {
  if (expression.kind === "condition") return readCondition(expression, evaluation);
  const parts = expression.parts.map((part) => readExpression(part, evaluation));
  return expression.kind === "and"
    ? (row) => parts.every((isMet) => isMet(row))
    : (row) => parts.some((isMet) => isMet(row));
}

function readCondition(condition: ResolvedCondition, evaluation: Evaluation): ElementReader<boolean> {
  const { fields, operator, other } = condition;
  const column = openField(fields, evaluation);
  const { isThere, leaf, offset } = column;
  if (operator === "is null") return (row) => !isThere(row);
  if (operator === "is not null") return isThere;
  if (other) return readComparison(condition, { column, other: openField(other.fields, evaluation) }, evaluation);
  const matches = matcherOf(condition);
  const readMatches = (array: ArrayView): ElementReader<boolean> => {
    const read = scalarsOf(array, evaluation);
    return (index) => matches(read(index));
  };
  const isMet = leaf.field.dictionary
    ? readEntries(leaf, evaluation.rows, (values) => memoized(readMatches(values), values.length))
    : readMatches(leaf);
  return (row) => isThere(row) && isMet(row + offset);
}

function readComparison(
  { operator, other, compare }: ResolvedCondition,
  fields: { readonly column: OpenField; readonly other: OpenField },
  evaluation: Evaluation,
): ElementReader<boolean> {
  const { left, right } = other!.comparison;
  const isMet = orderTest(operator);
  const [readLeft, readRight] = [fields.column, fields.other].map(({ leaf, offset }): ElementReader<Scalar> => {
    const read = leaf.field.dictionary
      ? readEntries(leaf, evaluation.rows, (values) => scalarsOf(values, evaluation))
      : scalarsOf(leaf, evaluation);
    return (row) => read(row + offset);
  }) as [ElementReader<Scalar>, ElementReader<Scalar>];
  return (row) =>
    fields.column.isThere(row) &&
    fields.other.isThere(row) &&
    isMet(compare(left(readLeft(row)), right(readRight(row))));
}

/** The array of a field, of which the elements are counted from an offset. */
interface OpenField {
  readonly leaf: ArrayView;
  readonly offset: number;
  /** Whether the value of a row is not null. */
  readonly isThere: ElementReader<boolean>;
}

/** Goes down to a field, through structs, any of which may be null. */
function openField(fields: FieldPath, { rows }: Evaluation): OpenField {
  let leaf = rows.columnOf(fields);
  let offset = 0;
  let isValid: ElementReader<boolean> = () => true;
  for (const field of fields.slice(1)) {
    const parentAt = offset;
    const isParentValid = readValidity(leaf);
    const isAboveValid = isValid;
    isValid = (row) => isAboveValid(row) && isParentValid(row + parentAt);
    // The elements of a struct's children are counted from where the struct's own buffers begin.
    offset += leaf.offset;
    leaf = leaf.children.find((child) => child.field === field)!;
  }
  const isLeafThere = readPresence(leaf, rows);
  return { leaf, offset, isThere: (row) => isValid(row) && isLeafThere(row + offset) };
}

/** Returns a reader that tells whether an element is not null. An index may refer to a null value of its dictionary. */
function readPresence(array: ArrayView, rows: FilteredRows): ElementReader<boolean> {
  const isValid = readValidity(array);
  if (array.field.dictionary === undefined) return isValid;
  const isEntryValid = readEntries(array, rows, readValidity);
  return (index) => isValid(index) && isEntryValid(index);
}

/** Reads the entries of a dictionary. */
function readEntries<T>(
  array: ArrayView,
  { dictionaryOf }: FilteredRows,
  readerOf: (values: ArrayView) => ElementReader<T>,
): ElementReader<T> {
  const { id } = array.field.dictionary!;
  const values = dictionaryOf(id);
  if (values === undefined)
    throw new FlightError("internal", `the dictionary of column ${array.field.name} is missing`);
  const read = readerOf(values);
  const indexAt = readIndices(array);
  return (index) => read(indexAt(index));
}

function scalarsOf(array: ArrayView, { scalars }: Evaluation): ElementReader<Scalar> {
  const known = scalars.get(array) ?? readScalars(array);
  scalars.set(array, known);
  return known;
}
