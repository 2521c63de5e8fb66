import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { actionOfKey } from "./action-of-key.ts";
import { toPlace, toPosition, type GridPosition } from "./grid-place.ts";
import { selectCell, type CellPlace, type CellSelection, type TableSize } from "./selection.ts";
import type { RowSource } from "./row-source.ts";
import { scaledRowsMin } from "./use-scroll-kept.ts";
import type { FocusGuard } from "./use-focus-guard.ts";
import type { Selecting } from "./use-selection.ts";

/** What the cursor follows, and what it tells. */
export interface CursorOptions {
  readonly size: TableSize;
  /** The rows that are shown. */
  readonly source: Pick<RowSource, "isCounted">;
  /** The row that is looked at. */
  readonly row: number | undefined;
  /** A row, or a column, to be shown now. */
  readonly jump: Partial<CellPlace> | undefined;
  readonly selecting: Selecting;
  readonly focusGuard: FocusGuard;
  onRow(row: number): void;
  onOpen(place: CellPlace): void;
}

/** The cell that keys go on from. */
export interface Cursor {
  readonly position: GridPosition;
  /** Whether the table has been drawn for the first time only, or not yet. */
  readonly isFirst: RefObject<boolean>;
  /** Whether it is the pointer that moves it. */
  readonly isPointer: RefObject<boolean>;
  /** HighTable has moved the focus. */
  moveTo(position: GridPosition): void;
  /** Goes to a row without the focus having been there. */
  showRow(row: number): void;
  /** Goes to the title of a column. */
  showTitle(column: number): void;
  /** The table has been scrolled to a row, which leaves the cursor where it is. */
  scrolledTo(row: number): void;
  /** A key has been pressed in a cell: Shift extends the selection, Ctrl goes to the edges, Ctrl+A selects all cells, Enter opens the cell. */
  pressKey(event: KeyboardEvent): void;
}

/** The first cell of the row that is looked at, or of all where that has not come yet. */
export function firstPlace(row: number | undefined, { rowCount }: TableSize): CellPlace {
  return { row: row !== undefined && row < rowCount ? row : 0, column: 0 };
}

/** Keeps the cell that has the focus in step with the row that is looked at. */
export function useCursor(options: CursorOptions): Cursor {
  const { size, source, row, selecting, onRow, onOpen } = options;
  const [position, setPosition] = useState(() => toPosition(firstPlace(row, size)));
  const isPointer = useRef(false);
  const scrolledRow = useRef<number>(undefined);
  const { isExtending } = selecting;

  /** Has the focus go to a cell, which is scrolled to. */
  const goTo = (place: CellPlace, selected?: CellSelection): void => {
    setPosition(toPosition(place));
    // A title or the number of a row cannot be selected by itself.
    if (selected) selecting.select(selected);
    else if (place.row >= 0 && place.column >= 0) selecting.select(selectCell(place));
  };
  /** Has the first row be the one that keys go on from, unless they are among the titles. */
  const goToTop = (): void => {
    isExtending.current = false;
    const place = toPlace(position);
    const first = { row: 0, column: Math.max(0, Math.min(place.column, size.columnCount - 1)) };
    if (place.row > 0) goTo(first);
    else selecting.select(selectCell(first));
  };
  // A table of scaled rows that grows moves the row that it was taken to out of view.
  const reachedCount = source.isCounted === false ? Math.min(size.rowCount, scaledRowsMin) : size.rowCount;

  const isFirst = useMovesFromElsewhere(options, { position, scrolledRow, reachedCount, goTo, goToTop });

  return {
    position,
    isFirst,
    isPointer,
    moveTo(next) {
      const [before, place] = [toPlace(position), toPlace(next)];
      // A title that is clicked, or whose menu is opened, leaves the rows where they are.
      if (place.row < 0 && isPointer.current) return;
      // HighTable has the focus stay among rows and columns that have become fewer: nobody has asked for the last ones.
      if (before.row >= size.rowCount) return goToTop();
      setPosition(next);
      if (before.column >= size.columnCount || place.row < 0) return;
      if (place.column >= 0 && !isExtending.current) selecting.select(selectCell(place));
      onRow(place.row);
    },
    showTitle: (column) => setPosition(toPosition({ row: -1, column })),
    showRow: (row) => setPosition((before) => toPosition({ ...toPlace(before), row })),
    scrolledTo(next) {
      if (next === (row ?? 0)) return;
      scrolledRow.current = next;
      onRow(next);
    },
    pressKey(event) {
      const action = actionOfKey(event, selecting.selection, size);
      if (action === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (action.kind === "select") return selecting.select(action.selection);
      if (action.kind === "open") return onOpen(action.place);
      goTo(action.place, action.selection);
      onRow(action.place.row);
    },
  };
}

/** How the cursor goes where nobody has taken it by keys or the pointer. */
interface Moves {
  readonly position: GridPosition;
  /** The row that the table has been scrolled to; undefined once the cursor has left it. */
  readonly scrolledRow: RefObject<number | undefined>;
  /** The rows that can be gone to by now. */
  readonly reachedCount: number;
  goTo(place: CellPlace): void;
  goToTop(): void;
}

/** Goes where the rows, the view or a jump take the cursor. Returns whether that is for the first time. */
function useMovesFromElsewhere(
  { source, row, jump, focusGuard }: CursorOptions,
  { position, scrolledRow, reachedCount, goTo, goToTop }: Moves,
): RefObject<boolean> {
  const hasRow = row !== undefined && row < reachedCount;
  // Other rows begin at the first, unless one of them is meant.
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current && row === undefined) goToTop();
    isFirst.current = false;
  }, [source, row]);
  // The row is set from elsewhere: by Back, by its number, or by a link, where it may still be to come.
  useEffect(() => {
    if (row !== undefined && row === scrolledRow.current) return;
    scrolledRow.current = undefined;
    const place = toPlace(position);
    if (hasRow && row !== place.row) goTo({ row, column: Math.max(0, place.column) });
  }, [row, hasRow]);
  useEffect(() => {
    if (jump === undefined) return;
    focusGuard.letIn();
    const place = toPlace(position);
    goTo({ row: Math.max(0, place.row), column: Math.max(0, place.column), ...jump });
  }, [jump]);
  return isFirst;
}
