import type { Schema } from "../../arrow/index.ts";
import { decodeArrowSchema } from "./arrow-hints.ts";
import { fileMetaData } from "./footer-fields.ts";
import { findSchemaLeaves } from "./schema-leaves.ts";
import { mapLeaves } from "./shown-leaves.ts";
import { toStoredType, withoutPlainDictionary } from "./stored-schema.ts";
import type { ThriftStruct } from "./thrift.ts";
import { structListField } from "./thrift-fields.ts";

/** An Arrow schema in a footer that says other than what its columns have. */
export interface ConvertedSchema {
  /** The same schema as the columns are read: in the units that they are stored in, and with no dictionaries but of bytes. */
  readonly stored: Schema;
  /** The leaves that are in another unit than is declared, by their index. */
  readonly leaves: ReadonlySet<number>;
}

/**
 * Finds what a file's Arrow schema says to be seconds or dates in milliseconds, and its columns have in milliseconds or
 * days: readers other than ours take these as what they are stored in. Other writers leave such values as they are. And
 * finds dictionaries of numbers and the like, whose values and order no file keeps: pyarrow, too, reads them as values.
 *
 * @returns undefined where there is nothing of the kind
 * @throws RangeError where the footer is none
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
