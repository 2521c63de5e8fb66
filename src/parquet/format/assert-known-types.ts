import type { Field } from "../../arrow/index.ts";
import { decodeArrowSchema } from "./arrow-hints.ts";
import { physicalTypes } from "./column-chunks.ts";
import { fileMetaData, schemaElement } from "./footer-fields.ts";
import { elementName } from "./schema-leaves.ts";
import type { ThriftStruct } from "./thrift.ts";
import { optionalInteger, structListField } from "./thrift-fields.ts";
import { UnsupportedError } from "./unsupported-error.ts";

/**
 * Asserts that a footer has no types that make parquet-wasm trap: unknown physical types, and 128-bit integers, which
 * polars stores as bytes with an Arrow schema of integers.
 *
 * @throws UnsupportedError with the column
 */
export function assertKnownTypes(footer: ThriftStruct): void {
  for (const element of structListField(footer, fileMetaData.schema)) {
    const type = optionalInteger(element, schemaElement.type);
    if (type === undefined || physicalTypes[Number(type)] !== undefined) continue;
    throw new UnsupportedError(
      `column ${JSON.stringify(elementName(element))} has the physical type ${type}, which is unknown`,
    );
  }
  for (const field of decodeArrowSchema(footer)?.fields ?? []) assertKnownField(field, "");
}

function assertKnownField({ name, type, children }: Field, parent: string): void {
  const path = parent === "" ? name : `${parent}.${name}`;
  if (type.kind === "int" && ![8, 16, 32, 64].includes(type.bitWidth)) {
    throw new UnsupportedError(
      `column ${JSON.stringify(path)} has integers of ${type.bitWidth} bits (Int${type.bitWidth}), which are not supported`,
    );
  }
  for (const child of children) assertKnownField(child, path);
}
