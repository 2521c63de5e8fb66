import type { KeyboardEvent } from "react";
import { cellAt, rowNumberAt } from "./grid-place.ts";
import { selectRows, type CellSelection, type TableSize } from "./selection.ts";

/**
 * What a key selects besides the cells that it goes over: Space or Enter at the number of a row, and Shift+Space in a
 * cell, the row; Ctrl+Space the column. Shift at a number has the rows up to it too. Undefined for other keys; pure.
 */
export function selectByKey(
  { key, target, shiftKey, ctrlKey }: Pick<KeyboardEvent, "key" | "target" | "shiftKey" | "ctrlKey">,
  { anchor }: CellSelection,
  size: TableSize,
): CellSelection | undefined {
  const [row, cell] = [rowNumberAt(target), cellAt(target)];
  if (row !== undefined && (key === " " || key === "Enter")) return selectRows(shiftKey ? anchor.row : row, row, size);
  if (cell === undefined || key !== " ") return undefined;
  if (shiftKey) return selectRows(anchor.row, cell.row, size);
  if (!ctrlKey) return undefined;
  return { anchor: { row: 0, column: cell.column }, focus: { row: size.rowCount - 1, column: cell.column } };
}
