import { FlightError } from "../flight/index.ts";
import { readMessage } from "./message.ts";

/** The vtable slot of the fields in a `Schema` table. Source: Schema.fbs, `Schema.fields`. */
const fieldsSlot = 6;
/** A flatbuffer's offsets, and the lengths of its vectors, are 32 bits. */
const offsetByteWidth = 4;

/**
 * Creates the schema of some columns: a copy of the message whose list of fields has only these. Everything else
 * (types, dictionaries, metadata, fields of later Arrow versions) stays unchanged.
 *
 * @param header - the flatbuffer `Message` of the schema, without length prefix
 * @param columnIndices - indices of top-level columns, ascending
 * @throws FlightError INVALID_ARGUMENT if the header is not a schema message
 */
export function projectSchemaHeader(header: Uint8Array, columnIndices: readonly number[]): Uint8Array {
  const projected = header.slice();
  readMessage(projected, (message) => {
    if (message.kind !== "schema") throw new FlightError("invalid_argument", `expected a schema, got ${message.kind}`);
    const { bb: buffer, bb_pos: position } = message.table;
    if (buffer === null) return;
    const slot = buffer.__offset(position, fieldsSlot);
    if (slot === 0) return;
    const fields = buffer.__vector(position + slot);
    const places = columnIndices.map((index) => buffer.__indirect(fields + index * offsetByteWidth));
    buffer.writeInt32(fields - offsetByteWidth, places.length);
    // An offset counts from where it stands itself, and forward; none moves back, so all stay forward.
    places.forEach((place, i) => {
      const entry = fields + i * offsetByteWidth;
      buffer.writeInt32(entry, place - entry);
    });
  });
  return projected;
}
