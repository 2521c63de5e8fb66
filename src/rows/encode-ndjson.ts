import type { FlightFrame } from "../flight/index.ts";
import { objectWriter } from "./cells.ts";
import { encodeLines } from "./encode-lines.ts";
import { readParts } from "./read-parts.ts";

/**
 * Writes Arrow data as lines of JSON, one object for each row, in chunks of UTF-8. Nothing is lost: what JSON has no
 * form for, and what its readers would round, is a string (docs/rows.md).
 *
 * @param frames - a schema, dictionaries and record batches, each released when it has been written
 * @throws FlightError UNIMPLEMENTED where two columns have one name, a body is compressed, or a type cannot be read;
 * DATA_LOSS where a string is not UTF-8; whatever the frames throw
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
