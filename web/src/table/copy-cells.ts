import { FlightError } from "hangar/flight";
import { copyText } from "../ui/copy.ts";
import { formatCounted } from "../ui/format.ts";
import type { RowSource } from "./row-source.ts";
import { toClipboardText, type CellBounds } from "./selection.ts";

/** Cells that are copied at once: more than that is a file to download. */
const copiedCellsMax = 500_000;

/**
 * Copies cells, whole, as text that spreadsheets take.
 *
 * @param columns - the names of the columns that the table shows
 * @returns what has been copied, in words
 */
export async function copyCells(source: RowSource, columns: readonly string[], bounds: CellBounds): Promise<string> {
  const names = columns.slice(bounds.columnStart, bounds.columnEnd);
  const rowCount = bounds.rowEnd - bounds.rowStart;
  if (rowCount * names.length > copiedCellsMax) {
    const words = `${formatCounted(rowCount * names.length, "cell")} are too many to copy; download the dataset instead`;
    throw new FlightError("out_of_range", words);
  }
  const rows: (string | null)[][] = [];
  for await (const chunk of source.read(bounds, names, new AbortController().signal)) {
    const readers = names.map((name) => chunk.cells.get(name)!);
    for (let i = 0; i < chunk.rowCount; i++) rows.push(readers.map((read) => read(i)));
  }
  await copyText(toClipboardText(rows));
  return rowCount === 1 && names.length === 1
    ? "Copied the cell"
    : `Copied ${formatCounted(rowCount * names.length, "cell")}`;
}
