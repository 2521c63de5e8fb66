import type { FlightFrame } from "../flight/index.ts";
import { textCells } from "./cells.ts";
import { encodeLines } from "./encode-lines.ts";
import { readParts } from "./read-parts.ts";

/** What cannot stand in a cell without quotes. An empty string has quotes, as a cell of nothing is a null. */
const needsQuotes = /^$|[",\r\n]/;

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
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  for await (const part of readParts(frames)) {
    if (part.kind === "schema") {
      const { fields } = part.schema;
      yield* encodeLines(() => toLine(fields.map(({ name }) => name)), 1);
    } else {
      const cells = part.columns.map((column) => textCells(column, part.dictionaries));
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
