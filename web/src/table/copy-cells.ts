import { FlightError, type Field } from "hangar/flight";
import { copyText } from "../ui/copy.ts";
import { formatCounted } from "../ui/format.ts";
import type { RowSource } from "./row-source.ts";
import { toClipboardText, type CellBounds } from "./selection.ts";
import { showWhole } from "./show-cells.ts";

/** Cells that are copied at once: more than that is a file to download. */
const copiedCellsMax = 500_000;

/** Characters that are copied at once: what clipboards and spreadsheets bear. */
const copiedCharsMax = 50_000_000;

/**
 * Copies cells, whole, as text that spreadsheets take.
 *
 * @param fields - the columns that the table shows
 * @returns what has been copied, in words
 */
export async function copyCells(source: RowSource, fields: readonly Field[], bounds: CellBounds): Promise<string> {
  const copied = fields.slice(bounds.columnStart, bounds.columnEnd);
  const names = copied.map(({ name }) => name);
  const rowCount = bounds.rowEnd - bounds.rowStart;
  if (rowCount === 0 || names.length === 0) return "There is nothing to copy";
  if (rowCount * names.length > copiedCellsMax) {
    throw tooMuch(`${formatCounted(rowCount * names.length, "cell")} are too many`);
  }

  const rows: (string | null)[][] = [];
  let charCount = 0;
  for await (const chunk of source.read(bounds, names, new AbortController().signal)) {
    const readers = copied.map(({ name, type }) => {
      const read = chunk.cells.get(name)!;
      return (row: number) => {
        const text = read(row);
        return text === null ? null : showWhole(type, text);
      };
    });
    for (let i = 0; i < chunk.rowCount; i++) {
      const cells = readers.map((read) => read(i));
      for (const cell of cells) charCount += cell?.length ?? 0;
      if (charCount > copiedCharsMax) throw tooMuch("the cells are too long");
      rows.push(cells);
    }
  }
  await copyText(toClipboardText(rows));
  return rowCount === 1 && names.length === 1
    ? "Copied the cell"
    : `Copied ${formatCounted(rowCount * names.length, "cell")}`;
}

function tooMuch(what: string): FlightError {
  return new FlightError("out_of_range", `${what} to copy; download the dataset instead`);
}
