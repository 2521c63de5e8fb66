import { FlightError, type Field } from "hangar/flight";
import { startWork } from "../state/work.ts";
import { copyText } from "../ui/copy.ts";
import { formatCounted } from "../ui/format.ts";
import type { ReadOptions, RowSource } from "./row-source.ts";
import { toClipboardText, type CellBounds } from "./selection.ts";
import { shownType, toStoredText } from "./show-cells.ts";

/** Cells that are copied at once: more than that is a file to download. */
const copiedCellsMax = 500_000;

/** Characters that are copied at once: what clipboards and spreadsheets bear. */
const copiedCharsMax = 50_000_000;

const cancelled = new FlightError("cancelled", "nothing was copied");

/** Which cells are copied. */
export interface CopiedCells {
  readonly source: RowSource;
  /** The columns that the table shows. */
  readonly fields: readonly Field[];
  readonly bounds: CellBounds;
}

/**
 * Copies cells, whole, as text that spreadsheets take.
 *
 * @param signal - ends it before anything has been copied
 * @returns what has been copied, in words
 */
export async function copyCells({ source, fields, bounds }: CopiedCells, signal: AbortSignal): Promise<string> {
  const copied = fields.slice(bounds.columnStart, bounds.columnEnd);
  const rowCount = bounds.rowEnd - bounds.rowStart;
  const cellCount = rowCount * copied.length;
  if (cellCount === 0) return "There is nothing to copy";
  if (cellCount > copiedCellsMax) throw tooMuch(`${formatCounted(cellCount, "cell")} are too many`);
  const leaving = new AbortController();
  const work = startWork(`Copying ${formatCounted(cellCount, "cell")}`, () => leaving.abort(cancelled));
  try {
    const reading = { signal: AbortSignal.any([signal, leaving.signal]), onShare: work.progress };
    const rows = readCells({ source, fields: copied, bounds }, reading);
    if (cellCount > 1) await copyText(rows.then(toClipboardText));
    else return await copyCell(rows.then(([row]) => row![0]!));
  } finally {
    work.end();
  }
  return `Copied ${formatCounted(cellCount, "cell")}`;
}

/** Copies the text of a cell as it is. A null has none: what is on the clipboard stays there. */
async function copyCell(reading: Promise<string | null>): Promise<string> {
  const assertText = (text: string | null): string => {
    if (text === null) throw new FlightError("cancelled", "Nothing was copied: the cell is null");
    return text;
  };
  await copyText(reading.then(assertText));
  return (await reading) === "" ? "Copied an empty text" : "Copied the cell";
}

async function readCells(
  { source, fields, bounds }: CopiedCells,
  { signal, onShare }: Required<ReadOptions>,
): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  let charCount = 0;
  const names = fields.map(({ name }) => name);
  for await (const chunk of source.read(bounds, names, { signal })) {
    const readers = fields.map((field) => {
      const type = shownType(field);
      const read = chunk.cells.get(field.name)!;
      return (row: number) => {
        const text = read(row);
        return text === null ? null : toStoredText(type, text);
      };
    });
    for (let i = 0; i < chunk.rowCount; i++) {
      const cells = readers.map((read) => read(i));
      for (const cell of cells) charCount += cell?.length ?? 0;
      if (charCount > copiedCharsMax) throw tooMuch("the cells are too long");
      rows.push(cells);
    }
    onShare(rows.length / (bounds.rowEnd - bounds.rowStart));
  }
  signal.throwIfAborted();
  return rows;
}

function tooMuch(what: string): FlightError {
  return new FlightError("out_of_range", `${what} to copy; download the dataset instead`);
}
