import type { FlightFrame } from "../flight/index.ts";
import { objectWriter } from "./cells.ts";
import { encodeLines } from "./encode-lines.ts";
import { readParts } from "./read-parts.ts";

const encoder = new TextEncoder();

/**
 * Encodes Arrow data as a JSON array: one object for each row, on a line of its own, in chunks of UTF-8. The objects
 * are those of `encodeNdjson`.
 *
 * @param frames - a schema, dictionaries and record batches. Each frame is released after use.
 * @throws FlightError as `encodeNdjson`
 */
export async function* encodeJson(
  frames: AsyncIterable<FlightFrame>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let before = "[\n";
  for await (const part of readParts(frames)) {
    if (part.kind === "schema") continue;
    const write = objectWriter("the dataset", part.columns, part.dictionaries);
    const rowOf = (index: number): string => {
      const row = before + write(index);
      before = ",\n";
      return row;
    };
    yield* encodeLines(rowOf, part.rowCount);
  }
  yield encoder.encode(before === "[\n" ? "[]\n" : "\n]\n");
}
