import type { KeyboardEvent } from "react";
import { cellAt } from "./grid-place.ts";
import { selectByKey } from "./select-by-key.ts";
import { extendByKey, type CellPlace, type CellSelection, type TableSize } from "./selection.ts";

/** What a key does in a table: it selects cells, goes to a cell, or opens one. */
export type KeyAction =
  | { readonly kind: "select"; readonly selection: CellSelection }
  | { readonly kind: "go"; readonly place: CellPlace; readonly selection?: CellSelection }
  | { readonly kind: "open"; readonly place: CellPlace };

/** What a key does at a place of the table; undefined if HighTable, or the browser, is to take it. */
export function actionOfKey(event: KeyboardEvent, selection: CellSelection, size: TableSize): KeyAction | undefined {
  const selected = selectByKey(event, selection, size);
  if (selected !== undefined) return { kind: "select", selection: selected };
  const cell = cellAt(event.target);
  if (cell === undefined) return undefined;
  const { key } = event;
  const isToEdge = event.ctrlKey || event.metaKey;
  if (event.shiftKey) {
    const extended = extendByKey(selection, key, { size, isToEdge });
    return extended && { kind: "go", place: extended.focus, selection: extended };
  }
  // HighTable would go to the titles.
  if (isToEdge && key === "ArrowUp") return { kind: "go", place: { row: 0, column: cell.column } };
  if (isToEdge && key === "Home") return { kind: "go", place: { row: 0, column: 0 } };
  if (isToEdge && key === "a") {
    const last = { row: size.rowCount - 1, column: size.columnCount - 1 };
    return { kind: "select", selection: { anchor: { row: 0, column: 0 }, focus: last } };
  }
  return key === "Enter" ? { kind: "open", place: cell } : undefined;
}
