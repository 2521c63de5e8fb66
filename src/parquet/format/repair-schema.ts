import { changeArrowFields, decodeArrowSchema, mendHints } from "./arrow-hints.ts";
import { encodeSchemaMessage, type Field } from "../../arrow/index.ts";
import { fileMetaData, schemaElement } from "./footer-fields.ts";
import { replaceArrowSchema } from "./footer.ts";
import { elementName, findColumnElements } from "./schema-leaves.ts";
import { hideIntervals } from "./shown-leaves.ts";
import { shownNames } from "./shown-names.ts";
import { thriftType, type ThriftStruct } from "./thrift.ts";
import { structListField } from "./thrift-fields.ts";
import type { ScannedFooter, ShowOptions } from "./footer-repair.ts";

/**
 * Presents intervals as bytes, because parquet-wasm drops their months. Intervals from Arrow writers are not changed:
 * the Arrow schema describes them.
 */
export function showIntervals({ footer }: ScannedFooter): ThriftStruct {
  if (hasArrowIntervals(footer)) return footer;
  const { elements, leaves } = hideIntervals(structListField(footer, fileMetaData.schema));
  if (leaves.length === 0) return footer;
  const value = { elementType: thriftType.struct, elements };
  return new Map(footer).set(fileMetaData.schema, { type: thriftType.list, value });
}

/** Whether the Arrow schema of a footer has intervals. */
export function hasArrowIntervals(footer: ThriftStruct): boolean {
  const isInterval = ({ type, children }: Field): boolean => type.kind === "interval" || children.some(isInterval);
  return decodeArrowSchema(footer)?.fields.some(isInterval) ?? false;
}

/** Says by which Arrow schema it is to be read. */
export function setArrowSchema({ footer }: ScannedFooter, { arrowSchema }: ShowOptions): ThriftStruct {
  return arrowSchema === undefined ? footer : replaceArrowSchema(footer, encodeSchemaMessage(arrowSchema));
}

/** Corrects what the Arrow schema of a footer says of types that are stored otherwise. */
export function fitArrowSchema({ footer, converted }: ScannedFooter): ThriftStruct {
  return mendHints(footer, converted);
}

/** Replaces the names of columns, in both schemas of the footer, so that parquet-wasm finds each by its name. */
export function renameColumns({ footer }: ScannedFooter): ThriftStruct {
  const elements = structListField(footer, fileMetaData.schema);
  const places = findColumnElements(elements);
  const own = places.map((place) => elementName(elements[place]!));
  const names = shownNames(own);
  if (names === own) return footer;
  const renamed = [...elements];
  places.forEach((place, i) => {
    const name = { type: thriftType.binary, value: Buffer.from(names[i]!) };
    renamed[place] = new Map(elements[place]).set(schemaElement.name, name);
  });
  const value = { elementType: thriftType.struct, elements: renamed };
  const shown = new Map(footer).set(fileMetaData.schema, { type: thriftType.list, value });
  return changeArrowFields(shown, (fields) => fields.map((field, i) => ({ ...field, name: names[i] ?? field.name })));
}
