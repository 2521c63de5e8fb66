import type { FlightFrame } from "../flight/index.ts";
import { textCells } from "./cells.ts";
import { readParts } from "./read-parts.ts";

/**
 * Reads Arrow data as rows of text: first the names of the columns, then the cells of each row, as in `encodeCsv` but
 * without quotes. A null is `null`.
 *
 * @param frames - as for `encodeNdjson`
 * @throws FlightError as `encodeCsv`
 */
export async function* readTextRows(
  frames: AsyncIterable<FlightFrame>,
): AsyncGenerator<readonly (string | null)[], void, undefined> {
  for await (const part of readParts(frames)) {
    if (part.kind === "schema") yield part.schema.fields.map(({ name }) => name);
    else {
      const cells = part.columns.map((column) => textCells(column, part.dictionaries));
      for (let index = 0; index < part.rowCount; index++) yield cells.map((cell) => cell(index));
    }
  }
}
