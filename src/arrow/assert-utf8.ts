import { Encoding } from "flatbuffers";
import type { Field as FieldTable } from "apache-arrow/fb/field";
import type { Schema as SchemaTable } from "apache-arrow/fb/schema";
import { FlightError } from "../flight/index.ts";
import { readMessage } from "./message.ts";

const textDecoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Asserts that the names and metadata of a schema are UTF-8, as Arrow's format requires. `decodeSchema` also accepts
 * other bytes, because pyarrow allows any bytes in metadata.
 *
 * @param header - a header that `decodeSchema` accepts
 * @throws FlightError INVALID_ARGUMENT, with the column, and with the key of an invalid metadata value
 */
export function assertUtf8(header: Uint8Array): void {
  readMessage(header, (message) => {
    if (message.kind !== "schema") return;
    const { table } = message;
    assertMetadata(table, "the schema");
    for (let i = 0; i < table.fieldsLength(); i++) assertField(table.fields(i)!, "");
  });
}

function assertField(field: FieldTable, parent: string): void {
  const path = `${parent}${field.name() ?? ""}`;
  if (!isText(field.name(Encoding.UTF8_BYTES))) throw refused(`the name of column ${path}`);
  assertMetadata(field, `column ${path}`);
  for (let i = 0; i < field.childrenLength(); i++) assertField(field.children(i)!, `${path}.`);
}

function assertMetadata(table: SchemaTable | FieldTable, owner: string): void {
  for (let i = 0; i < table.customMetadataLength(); i++) {
    const entry = table.customMetadata(i);
    if (!isText(entry?.key(Encoding.UTF8_BYTES))) throw refused(`a key in the metadata of ${owner}`);
    if (!isText(entry?.value(Encoding.UTF8_BYTES)))
      throw refused(`the value of "${entry?.key()}" in the metadata of ${owner}`);
  }
}

function isText(bytes: string | Uint8Array | null | undefined): boolean {
  if (!(bytes instanceof Uint8Array)) return true;
  try {
    textDecoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function refused(what: string): FlightError {
  return new FlightError("invalid_argument", `${what} is not UTF-8`);
}
