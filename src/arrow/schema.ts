import type { Field as FieldTable } from "apache-arrow/fb/field";
import type { Schema as SchemaTable } from "apache-arrow/fb/schema";
import { Endianness } from "apache-arrow/fb/endianness";
import { FlightError } from "../flight/index.ts";
import { decodeDataType, decodeInt, type DataType, type IntType } from "./data-type.ts";
import { fieldCountMax, fieldDepthMax } from "./limits.ts";
import { readMessage } from "./message.ts";
import { fieldCostBytes, metadataEntryCostBytes, SchemaBudget } from "./schema-budget.ts";

/** An Arrow schema. It supports all types of the format. */
export interface Schema {
  /** The columns. */
  readonly fields: readonly Field[];
  /** The metadata. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** A column, or a child of a nested column. */
export interface Field {
  /** The name. */
  readonly name: string;
  /** Whether the field may have nulls. */
  readonly nullable: boolean;
  /** The type of the values. A dictionary-encoded field has the type of its dictionary's values. */
  readonly type: DataType;
  /** The children, such as the item of a list, the fields of a struct or the entries of a map. */
  readonly children: readonly Field[];
  /** The metadata. */
  readonly metadata: ReadonlyMap<string, string>;
  /** The dictionary encoding: the column holds indices, and the values are in dictionary batches. Undefined by default. */
  readonly dictionary?: { readonly id: bigint; readonly indexType: IntType; readonly ordered: boolean };
}

/**
 * Decodes the schema in a frame's header.
 *
 * @param header - the flatbuffer `Message`, without length prefix
 * @throws FlightError INVALID_ARGUMENT if the header is not a schema message, is big-endian, or exceeds a limit on fields or
 * nesting; RESOURCE_EXHAUSTED if the decoded schema is too large
 */
export function decodeSchema(header: Uint8Array): Schema {
  return readMessage(header, (message) => {
    if (message.kind !== "schema") throw new FlightError("invalid_argument", `expected a schema, got ${message.kind}`);
    return decodeSchemaTable(message.table);
  });
}

/** Returns the number of columns of the schema in a frame's header, without decoding them. @throws as `decodeSchema` */
export function countColumns(header: Uint8Array): number {
  return readMessage(header, (message) => (message.kind === "schema" ? message.table.fieldsLength() : 0));
}

/** Reads the schema out of its table, which a message or a file's footer has; throws as `decodeSchema`. */
export function decodeSchemaTable(table: SchemaTable): Schema {
  if (table.endianness() !== Endianness.Little) {
    throw new FlightError("invalid_argument", "the schema is big-endian; only little-endian data is supported");
  }
  const budget = new SchemaBudget(table.bb?.capacity() ?? 0);
  return { fields: decodeFields(table, budget), metadata: decodeMetadata(table, budget) };
}

function decodeFields(table: SchemaTable, budget: SchemaBudget): Field[] {
  let fieldCount = 0;
  const decode = (parent: string, field: FieldTable | null, depth: number): Field => {
    if (field === null) throw new FlightError("invalid_argument", "the schema has a missing field");
    budget.spend(fieldCostBytes);
    const name = budget.text((encoding) => field.name(encoding));
    const path = parent === "" ? name : `${parent}.${name}`;
    if (depth > fieldDepthMax) {
      throw new FlightError("invalid_argument", `column ${path} is nested deeper than ${fieldDepthMax} levels`);
    }
    if ((fieldCount += 1) > fieldCountMax) {
      throw new FlightError("invalid_argument", `the schema has more than ${fieldCountMax} fields`);
    }
    const children: Field[] = [];
    for (let i = 0; i < field.childrenLength(); i++) children.push(decode(path, field.children(i), depth + 1));
    const encoding = field.dictionary();
    return {
      name,
      nullable: field.nullable(),
      type: decodeDataType(field, path, budget),
      children,
      metadata: decodeMetadata(field, budget),
      ...(encoding && {
        dictionary: {
          id: encoding.id(),
          indexType: encoding.indexType()
            ? decodeInt(encoding.indexType()!)
            : { kind: "int", bitWidth: 32, signed: true },
          ordered: encoding.isOrdered(),
        },
      }),
    };
  };
  const fields: Field[] = [];
  for (let i = 0; i < table.fieldsLength(); i++) fields.push(decode("", table.fields(i), 1));
  return fields;
}

function decodeMetadata(table: SchemaTable | FieldTable, budget: SchemaBudget): Map<string, string> {
  const metadata = new Map<string, string>();
  const entryCount = table.customMetadataLength();
  if (entryCount > fieldCountMax) {
    throw new FlightError("invalid_argument", `the schema has more than ${fieldCountMax} metadata entries`);
  }
  for (let i = 0; i < entryCount; i++) {
    budget.spend(metadataEntryCostBytes);
    const entry = table.customMetadata(i);
    if (entry === null) continue;
    const key = budget.text((encoding) => entry.key(encoding));
    metadata.set(
      key,
      budget.text((encoding) => entry.value(encoding)),
    );
  }
  return metadata;
}
