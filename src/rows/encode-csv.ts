import type { FlightFrame } from "../flight/index.ts";
import { textCells } from "./cells.ts";
import { encodeLines } from "./encode-lines.ts";
import { guardFormula } from "./guard-formula.ts";
import { readParts } from "./read-parts.ts";

/** Text that needs quotes in a cell. An empty string has quotes, because an empty cell is a null. */
const needsQuotes = /^$|[",\r\n]/;

/** The byte order mark, by which Excel knows UTF-8. */
const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf);

/** Options of `encodeCsv`, for spreadsheets. */
export interface CsvOptions {
  /** Whether the text starts with a UTF-8 byte order mark; false by default. Without the mark, Excel reads it as Windows-1252. */
  readonly bom?: boolean | undefined;
  /**
   * `formulas` adds an apostrophe to names and text cells that start with `=`, `+`, `-`, `@`, a tab or a carriage return:
   * spreadsheets would run them as formulas. Numbers do not change. No change by default.
   */
  readonly guard?: "formulas" | undefined;
}

/**
 * Encodes Arrow data as CSV (RFC 4180), in chunks of UTF-8. The first line has the names. Lines end with a line feed. A
 * null is an empty cell, and an empty string is `""`. Other values are as in JSON, without its quotes; nested values are
 * JSON (docs/rows.md).
 *
 * @param frames - see `encodeNdjson`
 * @throws FlightError as `encodeNdjson`, except for columns of the same name
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
