import { useEffect, useRef, useState, type MouseEvent, type RefObject } from "react";
import { announce } from "../state/announce.ts";
import { cellAt, rowNumberAt } from "./grid-place.ts";
import {
  renameColumns,
  selectCell,
  selectRows,
  type CellPlace,
  boundsOf,
  selectionWords,
  type CellSelection,
  type TableSize,
} from "./selection.ts";

/** Which cells are selected, and how the pointer selects others. */
export interface Selecting {
  readonly selection: CellSelection;
  select(selection: CellSelection): void;
  /** Whether what moves the focus extends the selection; it is known before the focus moves. */
  readonly isExtending: RefObject<boolean>;
  pressCell(event: MouseEvent, place: CellPlace): void;
  pressRowNumber(event: MouseEvent): void;
  drag(event: MouseEvent): void;
}

/** Keeps a selection, which stays with its columns when others are shown. */
export function useSelection(first: CellPlace, names: readonly string[], size: TableSize): Selecting {
  const [selection, select] = useState<CellSelection>(selectCell(first));
  const isExtending = useRef(false);
  const named = useRef(names);
  useEffect(() => {
    select((before) => renameColumns(before, named.current, names));
    named.current = names;
  }, [names]);
  // Those who see it see it.
  useEffect(() => {
    const { rowStart, rowEnd, columnStart, columnEnd } = boundsOf(selection);
    if (rowEnd - rowStart > 1 || columnEnd - columnStart > 1) announce(selectionWords(selection, names));
  }, [selection]);
  const extendTo = (focus: CellPlace): void => select(({ anchor }) => ({ anchor, focus }));
  return {
    selection,
    select,
    isExtending,
    pressCell(event, place) {
      if (!event.shiftKey) return;
      event.preventDefault();
      extendTo(place);
    },
    pressRowNumber(event) {
      const row = rowNumberAt(event.target);
      if (row === undefined) return;
      // The browser would select the numbers as text.
      if (event.shiftKey) event.preventDefault();
      select(selectRows(event.shiftKey ? selection.anchor.row : row, row, size));
    },
    drag(event) {
      const place = event.buttons === 1 ? cellAt(event.target) : undefined;
      if (place !== undefined) extendTo(place);
    },
  };
}
