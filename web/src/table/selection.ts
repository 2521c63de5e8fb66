import { formatCount, formatCounted, showName } from "../ui/format.ts";

/** A cell of a table: its row, and its column among those that are shown, both from 0. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** A rectangle of cells: where it was begun, and the corner that moves. */
export interface CellSelection {
  readonly anchor: CellPlace;
  readonly focus: CellPlace;
}

/** A rectangle by its bounds, starts inclusive, ends exclusive. */
export interface CellBounds {
  readonly rowStart: number;
  readonly rowEnd: number;
  readonly columnStart: number;
  readonly columnEnd: number;
}

/** How large a table is. */
export interface TableSize {
  readonly rowCount: number;
  readonly columnCount: number;
}

/** The selection of one cell. */
export function selectCell(place: CellPlace): CellSelection {
  return { anchor: place, focus: place };
}

/** The selection of whole rows, from one to another, both inclusive. */
export function selectRows(from: number, to: number, { columnCount }: TableSize): CellSelection {
  return { anchor: { row: from, column: 0 }, focus: { row: to, column: columnCount - 1 } };
}

/** The rectangle of a selection. */
export function boundsOf({ anchor, focus }: CellSelection): CellBounds {
  return {
    rowStart: Math.min(anchor.row, focus.row),
    rowEnd: Math.max(anchor.row, focus.row) + 1,
    columnStart: Math.min(anchor.column, focus.column),
    columnEnd: Math.max(anchor.column, focus.column) + 1,
  };
}

/** Whether a rectangle has a cell in it. */
export function hasCell(bounds: CellBounds, { row, column }: CellPlace): boolean {
  return row >= bounds.rowStart && row < bounds.rowEnd && column >= bounds.columnStart && column < bounds.columnEnd;
}

/** How far keys move the corner of a selection, in rows and columns. */
const steps: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-20, 0],
  PageDown: [20, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/**
 * Moves the corner of a selection as Shift and a key say; undefined for keys that do not.
 *
 * @param options - `isToEdge` has it go as far as it can
 */
export function extendByKey(
  { anchor, focus }: CellSelection,
  key: string,
  { size, isToEdge }: { readonly size: TableSize; readonly isToEdge: boolean },
): CellSelection | undefined {
  const step = steps[key];
  if (step === undefined) return undefined;
  // With Ctrl, Home and End go to the first and the last cell of all.
  const [rows, columns] = isToEdge && Math.abs(step[1]) > 1 ? [step[1], step[1]] : step;
  const far = isToEdge ? Math.max(size.rowCount, size.columnCount) : 1;
  const row = clamp(focus.row + times(far, rows), size.rowCount);
  const column = clamp(focus.column + times(far, columns), size.columnCount);
  return { anchor, focus: { row, column } };
}

/** A selection of the same columns where they stand now; of the cell at its corner where one of them is gone; pure. */
export function renameColumns(
  { anchor, focus }: CellSelection,
  before: readonly string[],
  now: readonly string[],
): CellSelection {
  const placeOf = ({ row, column }: CellPlace): CellPlace => ({ row, column: now.indexOf(before[column] ?? "") });
  const [from, to] = [placeOf(anchor), placeOf(focus)];
  if (from.column >= 0 && to.column >= 0) return { anchor: from, focus: to };
  return selectCell({ row: focus.row, column: Math.max(0, Math.min(focus.column, now.length - 1)) });
}

/**
 * Rows of cells as text that spreadsheets take: tabs between cells, and quotes around what has tabs, quotes or lines in
 * it. An empty string has quotes, as a cell of nothing is a null.
 */
export function toClipboardText(rows: readonly (readonly (string | null)[])[]): string {
  return rows.map((cells) => cells.map(quote).join("\t")).join("\n");
}

function quote(cell: string | null): string {
  if (cell === null) return "";
  return /^$|["\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A selection as screen readers are told it; pure. */
export function selectionWords(selection: CellSelection, names: readonly string[]): string {
  const { rowStart, rowEnd, columnStart, columnEnd } = boundsOf(selection);
  const range = (noun: string, from: string, to: string): string =>
    from === to ? `${noun} ${from}` : `${noun}s ${from} to ${to}`;
  const rows = range("row", formatCount(rowStart + 1), formatCount(rowEnd));
  const columns = range("column", showName(names[columnStart] ?? ""), showName(names[columnEnd - 1] ?? ""));
  return `${formatCounted((rowEnd - rowStart) * (columnEnd - columnStart), "cell")} selected: ${rows}, ${columns}`;
}

/** A step, so many times; a step of 0 stays one. */
function times(count: number, step: number): number {
  return step === 0 ? 0 : count * step;
}

function clamp(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index));
}
