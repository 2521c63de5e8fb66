import type { FlightFrame } from "../flight/index.ts";
import { readTextRows } from "../rows/index.ts";

/** How many rows the widths of columns are taken from; later rows may be wider. */
const measuredRowCount = 200;

/** Rows as aligned columns. A null is an empty cell. */
export async function* toTableText(frames: AsyncIterable<FlightFrame>): AsyncGenerator<string, void, undefined> {
  let rows: (readonly (string | null)[])[] = [];
  let widths: readonly number[] | undefined;
  for await (const row of readTextRows(frames)) {
    if (widths) yield toLine(row, widths);
    else if (rows.push(row) > measuredRowCount) {
      widths = measure(rows);
      for (const held of rows) yield toLine(held, widths);
      rows = [];
    }
  }
  yield formatTable(rows);
}

/** All rows as aligned columns, the names first. */
export function formatTable(rows: readonly (readonly (string | null)[])[]): string {
  const widths = measure(rows);
  return rows.map((row) => toLine(row, widths)).join("");
}

function measure(rows: readonly (readonly (string | null)[])[]): readonly number[] {
  return (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => toCell(row[column]).length)));
}

function toLine(row: readonly (string | null)[], widths: readonly number[]): string {
  return `${row
    .map((cell, column) => toCell(cell).padEnd(widths[column] ?? 0))
    .join("  ")
    .trimEnd()}\n`;
}

/** A cell is one line. */
function toCell(text: string | null | undefined): string {
  return (text ?? "").replaceAll(/[\r\n\t]+/g, " ");
}
