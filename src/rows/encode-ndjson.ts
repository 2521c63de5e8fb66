import type { FlightFrame } from "../flight/index.ts";
import { objectWriter } from "./cells.ts";
import { encodeLines } from "./encode-lines.ts";
import { readParts } from "./read-parts.ts";

/**
 * Encodes Arrow data as NDJSON: one JSON object for each row, in chunks of UTF-8. Values that JSON cannot hold exactly are
 * strings (docs/rows.md).
 *
 * @param frames - a schema, dictionaries and record batches. Each frame is released after use.
 * @throws FlightError UNIMPLEMENTED if two columns have the same name, a body is compressed, or a type is not supported;
 * DATA_LOSS if a string is not UTF-8; errors of `frames`
 */
export async function* encodeNdjson(
  frames: AsyncIterable<FlightFrame>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  for await (const part of readParts(frames)) {
    if (part.kind === "schema") continue;
    const write = objectWriter("the dataset", part.columns, part.dictionaries);
    yield* encodeLines((index) => `${write(index)}\n`, part.rowCount);
  }
}
