import type { CellPlace } from "./selection.ts";

/** Where HighTable has its focus: 1 is the row of titles, and the column of row numbers. */
export interface GridPosition {
  readonly rowIndex: number;
  readonly colIndex: number;
}

/** The first row of data, and the first column of data. */
export const firstIndex = 2;

/** Where a cell is in the grid. */
export function toPosition({ row, column }: CellPlace): GridPosition {
  return { rowIndex: row + firstIndex, colIndex: column + firstIndex };
}

/** Which cell is there; its row, or its column, is negative among the titles and the row numbers. */
export function toPlace({ rowIndex, colIndex }: GridPosition): CellPlace {
  return { row: rowIndex - firstIndex, column: colIndex - firstIndex };
}

/** The cell of data that something in it has happened to; undefined beside them. */
export function cellAt(target: EventTarget): CellPlace | undefined {
  const cell = (target as Element).closest("td[data-rownumber]");
  if (cell === null) return undefined;
  return {
    row: Number(cell.getAttribute("data-rownumber")),
    column: Number(cell.getAttribute("aria-colindex")) - firstIndex,
  };
}

/** The row whose number something has happened to. */
export function rowNumberAt(target: EventTarget): number | undefined {
  const header = (target as Element).closest("[role=rowheader][data-rownumber]");
  return header === null ? undefined : Number(header.getAttribute("data-rownumber"));
}
