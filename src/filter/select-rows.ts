import { FlightError } from "../flight/index.ts";
import { readIndices, readScalars, readValidity, type ArrayView, type ElementReader } from "../arrow/index.ts";
import type { ResolvedCondition } from "./bind-filter.ts";
import { matcherOf, memoized } from "./matches.ts";

/** Rows of a record batch, as far as a filter looks at them. */
export interface FilteredRows {
  readonly rowCount: number;
  /** Returns the array of a column. */
  readonly columnOf: (condition: ResolvedCondition) => ArrayView;
  /** Returns the values of a dictionary. */
  readonly dictionaryOf: (id: bigint) => ArrayView | undefined;
}

/**
 * Says which rows meet a filter, exactly. As in SQL, a comparison with a null is never met, `not in` and `!=` neither.
 *
 * @returns the rows from 0, rising; undefined where they are all of them
 */
export function selectRows(conditions: readonly ResolvedCondition[], rows: FilteredRows): Uint32Array | undefined {
  const selected = new Uint32Array(rows.rowCount);
  let count = rows.rowCount;
  for (let row = 0; row < count; row++) selected[row] = row;
  for (const condition of conditions) {
    const isMet = readCondition(condition, rows);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const row = selected[i]!;
      if (isMet(row)) selected[kept++] = row;
    }
    count = kept;
  }
  return count === rows.rowCount ? undefined : selected.subarray(0, count);
}

function readCondition(condition: ResolvedCondition, rows: FilteredRows): ElementReader<boolean> {
  const { isValid, leaf, offset } = descend(condition, rows);
  const isLeafThere = readPresence(leaf, rows);
  const isThere = (row: number): boolean => isValid(row) && isLeafThere(row + offset);
  if (condition.operator === "is null") return (row) => !isThere(row);
  if (condition.operator === "is not null") return isThere;
  const matches = matcherOf(condition);
  const readMatches = (array: ArrayView): ElementReader<boolean> => {
    const read = readScalars(array);
    return (index) => matches(read(index));
  };
  const isMet = leaf.field.dictionary ? readEntries(leaf, rows, readMatches) : readMatches(leaf);
  return (row) => isThere(row) && isMet(row + offset);
}

/** Returns a reader that tells whether an element is not null. An index may refer to a null value of its dictionary. */
function readPresence(array: ArrayView, rows: FilteredRows): ElementReader<boolean> {
  const isValid = readValidity(array);
  if (array.field.dictionary === undefined) return isValid;
  const isEntryValid = readEntries(array, rows, readValidity);
  return (index) => isValid(index) && isEntryValid(index);
}

/** Goes down to the field that is meant, through structs, any of which may be null. */
function descend({ fields, ...condition }: ResolvedCondition, rows: FilteredRows) {
  let leaf = rows.columnOf({ fields, ...condition });
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
  return { isValid, leaf, offset };
}

/** Looks at the entries of a dictionary, once each. */
function readEntries(
  array: ArrayView,
  { dictionaryOf }: FilteredRows,
  readerOf: (values: ArrayView) => ElementReader<boolean>,
): ElementReader<boolean> {
  const { id } = array.field.dictionary!;
  const values = dictionaryOf(id);
  if (values === undefined)
    throw new FlightError("internal", `the dictionary of column ${array.field.name} is missing`);
  const read = memoized(readerOf(values), values.length);
  const indexAt = readIndices(array);
  return (index) => read(indexAt(index));
}
