import { bytesTextOf, type Field } from "../arrow/index.ts";
import type { FlightFrame } from "../flight/index.ts";
import { readParts, shownCells } from "../rows/index.ts";
import { cutText } from "./cut-text.ts";
import { escapeControls } from "./escape-controls.ts";
import { columnGap, fitColumns, fitListColumns } from "./fit-columns.ts";
import { textWidth } from "./text-width.ts";

/** The number of rows that determine the widths of columns. Later rows may be wider. */
const measuredRowCount = 200;

/** The number of UTF-16 units of a cell that are used per character of a line. A family emoji has eleven units. */
const unitsPerCharacterMax = 16;

/** A column of a table. */
export interface TableColumn {
  readonly name: string;
  readonly isNumber: boolean;
  /** Whether the table is a list, in which long cells of this column are never truncated, and the rest is on a new line. */
  readonly flows?: boolean;
}

/** The properties of the place where a table is shown. */
export interface TablePlace {
  /**
   * The width of a line in characters; undefined if the output is not a terminal. On a terminal, cells are truncated
   * and control characters are escaped.
   */
  readonly lineWidth?: number | undefined;
  /** Called once with the number of columns that do not fit, if there are any. */
  readonly onHidden?: (columnCount: number) => void;
}

type Cell = string | null;

const numberKinds: readonly string[] = ["int", "float", "decimal"];

/** Formats rows as aligned columns. A null is `null`, and the text `null` is in quotes. */
export async function* toTableText(
  frames: AsyncIterable<FlightFrame>,
  place: TablePlace = {},
): AsyncGenerator<string, void, undefined> {
  let columns: readonly TableColumn[] = [];
  let held: (readonly Cell[])[] = [];
  let layout: TableLayout | undefined;
  for await (const part of readParts(frames)) {
    if (part.kind === "schema") {
      columns = part.schema.fields.map(({ name, type, dictionary }) => ({
        name,
        isNumber: dictionary === undefined && numberKinds.includes(type.kind),
      }));
      continue;
    }
    const cells = part.columns.map((column) =>
      shownCells(column, part.dictionaries, isBytes(column.field) ? base64ToHex : undefined),
    );
    for (let index = 0; index < part.rowCount; index++) {
      const row = cells.map((cell) => markNull(cell(index)));
      if (layout) yield layout.line(row);
      else if (held.push(row) >= measuredRowCount) {
        layout = new TableLayout(columns, held, place);
        yield layout.lines(held);
        held = [];
      }
    }
  }
  if (layout === undefined) yield new TableLayout(columns, held, place).lines(held);
}

/** Formats rows as aligned columns, with the names first. A null is an empty cell. */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  place: TablePlace = {},
): string {
  return new TableLayout(columns, rows, place).lines(rows);
}

function isBytes(field: Field): boolean {
  return field.type.kind.includes("binary") && bytesTextOf(field) === undefined;
}

/** Shows bytes as the web app does, and as filters take them without quotes. */
function base64ToHex(text: string): string {
  return text === "" ? "" : `0x${Buffer.from(text, "base64").toString("hex")}`;
}

function markNull(cell: Cell): string {
  if (cell === null) return "null";
  return /^"*null"*$/.test(cell) ? `"${cell}"` : cell;
}

/** The widths of a table's columns, and the format of its cells. */
class TableLayout {
  readonly #columns: readonly TableColumn[];
  readonly #place: TablePlace;
  readonly #isList: boolean;
  readonly #widths: readonly number[];

  constructor(columns: readonly TableColumn[], rows: readonly (readonly Cell[])[], place: TablePlace) {
    this.#columns = columns;
    this.#place = place;
    this.#isList = columns.some(({ flows }) => flows === true);
    const natural = columns.map(({ name }, index) =>
      rows.reduce((most, row) => Math.max(most, this.#measure(row[index])), this.#measure(name)),
    );
    this.#widths = place.lineWidth === undefined ? natural : this.#fit(natural, place.lineWidth);
    const hiddenCount = natural.length - this.#widths.length;
    if (hiddenCount > 0) place.onHidden?.(hiddenCount);
  }

  /** Formats the names of the columns, and then each row. */
  lines(rows: readonly (readonly Cell[])[]): string {
    return [this.#columns.map(({ name }) => name), ...rows].map((row) => this.line(row)).join("");
  }

  line(row: readonly Cell[]): string {
    const mayCut = this.#place.lineWidth !== undefined && !this.#isList;
    const lines: string[][] = [[]];
    let start = 0;
    for (const [index, width] of this.#widths.entries()) {
      const text = this.#toLine(row[index]);
      const shown = mayCut ? cutText(text, width) : text;
      const padding = " ".repeat(Math.max(0, width - textWidth(shown)));
      lines.at(-1)!.push(this.#columns[index]?.isNumber ? padding + shown : shown + padding);
      start += width + columnGap;
      // The next column begins on a new line, below its name.
      const isLast = index === this.#widths.length - 1;
      if (this.#isList && !isLast && textWidth(shown) > width) lines.push([" ".repeat(start - columnGap)]);
    }
    return lines.map((cells) => `${cells.join(" ".repeat(columnGap)).trimEnd()}\n`).join("");
  }

  #fit(natural: readonly number[], lineWidth: number): readonly number[] {
    if (!this.#isList) return fitColumns(natural, lineWidth);
    const columns = natural.map((width, index) => ({ width, flows: this.#columns[index]?.flows === true }));
    return fitListColumns(columns, lineWidth);
  }

  #measure(cell: Cell | undefined): number {
    return textWidth(this.#toLine(cell));
  }

  /** Formats a cell on one line. */
  #toLine(cell: Cell | undefined): string {
    if (this.#place.lineWidth === undefined) return (cell ?? "").replaceAll(/[\r\n\t]+/g, " ");
    return escapeControls(
      this.#isList ? (cell ?? "") : (cell ?? "").slice(0, unitsPerCharacterMax * this.#place.lineWidth),
    );
  }
}
