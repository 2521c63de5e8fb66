import type { Schema } from "../../arrow/index.ts";
import { decodeArrowSchema } from "./arrow-hints.ts";
import { fileMetaData } from "./footer-fields.ts";
import { findSchemaLeaves } from "./schema-leaves.ts";
import { mapLeaves } from "./shown-leaves.ts";
import { toStoredType, withoutPlainDictionary } from "./stored-schema.ts";
import type { ThriftStruct } from "./thrift.ts";
import { structListField } from "./thrift-fields.ts";

/** A difference between the Arrow schema of a footer and the types of its columns. */
export interface ConvertedSchema {
  /** The same schema as the columns are read: in the units that they are stored in, and with no dictionaries but of bytes. */
  readonly stored: Schema;
  /** The leaves that are in another unit than is declared, by their index. */
  readonly leaves: ReadonlySet<number>;
}

/**
 * Finds columns that are seconds or dates in milliseconds in the Arrow schema, but milliseconds or days in the file.
 * Other readers return the stored type, and other writers do not convert. Also finds dictionaries of numbers and
 * similar types, whose values and order Parquet does not keep. pyarrow reads them as plain values too.
 *
 * @returns undefined if there are none
 * @throws RangeError if the footer is not valid
 */
export function findConvertedLeaves(footer: ThriftStruct): ConvertedSchema | undefined {
  const schema = decodeArrowSchema(footer);
  if (schema === undefined) return undefined;
  const units = findSchemaLeaves(structListField(footer, fileMetaData.schema)).map(({ unit }) => unit);
  const leaves = new Set<number>();
  let leafCount = 0;
  const fields = mapLeaves(schema.fields, (declared, leafIndex) => {
    leafCount++;
    const leaf = withoutPlainDictionary(declared);
    const type = toStoredType(leaf.type);
    if (type === leaf.type || !("unit" in type) || units[leafIndex] !== type.unit) return leaf;
    leaves.add(leafIndex);
    return { ...leaf, type };
  });
  if (fields === schema.fields || leafCount !== units.length) return undefined;
  return { stored: { ...schema, fields }, leaves };
}
