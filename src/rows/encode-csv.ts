import type { FlightFrame } from "../flight/index.ts";
import { textCells } from "./cells.ts";
import { encodeLines } from "./encode-lines.ts";
import { guardFormula } from "./guard-formula.ts";
import { readParts } from "./read-parts.ts";

/** What cannot stand in a cell without quotes. An empty string has quotes, as a cell of nothing is a null. */
const needsQuotes = /^$|[",\r\n]/;

/** The byte order mark, by which Excel knows UTF-8. */
const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf);

/** What CSV for spreadsheets has besides. */
export interface CsvOptions {
  /** Begins with the byte order mark of UTF-8, without which Excel takes text for Windows-1252; not by default. */
  readonly bom?: boolean | undefined;
  /**
   * `formulas` puts an apostrophe before names and cells of text that begin with `=`, `+`, `-`, `@`, a tab or a carriage
   * return, which spreadsheets compute otherwise. Numbers stay as they are. Nothing is changed where it is left out.
   */
  readonly guard?: "formulas" | undefined;
}

/**
 * Writes Arrow data as CSV after RFC 4180, in chunks of UTF-8: a line of names, then one for each row, ended by a line
 * feed. A null is an empty cell, an empty string is `""`; values are written as in JSON, without quotes of their own,
 * and what is nested as JSON (docs/rows.md).
 *
 * @param frames - as for `encodeNdjson`
 * @throws FlightError as `encodeNdjson`, but not for columns of one name
 */
export async function* encodeCsv(
  frames: AsyncIterable<FlightFrame>,
  { bom = false, guard }: CsvOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const mend = guard === "formulas" ? guardFormula : undefined;
  if (bom) yield byteOrderMark.slice();
  for await (const part of readParts(frames)) {
    if (part.kind === "schema") {
      const { fields } = part.schema;
      yield* encodeLines(() => toLine(fields.map(({ name }) => mend?.(name) ?? name)), 1);
    } else {
      const cells = part.columns.map((column) => textCells(column, part.dictionaries, mend));
      yield* encodeLines((index) => toLine(cells.map((cell) => cell(index))), part.rowCount);
    }
  }
}

function toLine(cells: readonly (string | null)[]): string {
  return `${cells.map(toCell).join(",")}\n`;
}

function toCell(text: string | null): string {
  if (text === null) return "";
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
