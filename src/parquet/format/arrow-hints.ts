import {
  decodeSchema,
  decodeSchemaMessage,
  encodeSchema,
  encodeSchemaMessage,
  type Field,
  type Schema,
} from "../../arrow/index.ts";
import { FlightError } from "../../flight/index.ts";
import type { ConvertedSchema } from "./converted-leaves.ts";
import { dropFalseHints } from "./false-hints.ts";
import { fileMetaData } from "./footer-fields.ts";
import { arrowSchemaTexts, replaceArrowSchema } from "./footer.ts";
import { alignNames } from "./hint-names.ts";
import { toSchemaTree } from "./schema-tree.ts";
import type { ThriftStruct } from "./thrift.ts";
import { structListField } from "./thrift-fields.ts";

/** The Arrow schema that a footer has; undefined where it has none that can be decoded, which is parquet-wasm's to refuse. */
export function decodeArrowSchema(footer: ThriftStruct): Schema | undefined {
  const [text] = arrowSchemaTexts(footer);
  if (text === undefined) return undefined;
  const known = decodedSchemas.get(text);
  if (known !== undefined) return known;
  const schema = decodeText(text);
  if (schema !== undefined) decodedSchemas.set(text, schema);
  return schema;
}

/** The decoded schemas, by their texts in footers. A footer is looked through several times. */
const decodedSchemas = new WeakMap<Uint8Array, Schema>();

function decodeText(text: Uint8Array): Schema | undefined {
  try {
    return decodeSchema(decodeSchemaMessage(Buffer.from(Buffer.from(text).toString("latin1"), "base64")));
  } catch (reason) {
    if (reason instanceof FlightError) return undefined;
    throw reason;
  }
}

/** A footer whose Arrow schema has other fields; the same footer where it has none. */
export function changeArrowFields(
  footer: ThriftStruct,
  change: (fields: readonly Field[]) => readonly Field[],
): ThriftStruct {
  const schema = decodeArrowSchema(footer);
  if (schema === undefined) return footer;
  const fields = change(schema.fields);
  if (fields === schema.fields) return footer;
  return replaceArrowSchema(footer, encodeSchemaMessage(encodeSchema({ ...schema, fields })));
}

/**
 * A footer whose Arrow schema fits the file's own: parquet-wasm refuses other names, believes other types, and gives up
 * dictionaries and time zones whose values are stored in another unit than is declared.
 */
export function mendHints(footer: ThriftStruct, converted: ConvertedSchema | undefined): ThriftStruct {
  const elements = structListField(footer, fileMetaData.schema);
  return changeArrowFields(footer, (fields) =>
    dropFalseHints(alignNames(converted?.stored.fields ?? fields, toSchemaTree(elements).children), elements),
  );
}
