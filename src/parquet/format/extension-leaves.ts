import type { Field } from "../../arrow/index.ts";
import { logicalType, schemaElement } from "./footer-fields.ts";
import { logicalTypeOf } from "./logical-types.ts";
import { findLeaves } from "./shown-leaves.ts";
import type { ThriftStruct } from "./thrift.ts";
import { optionalInteger } from "./thrift-fields.ts";

/** Arrow's extension types that Parquet has logical types of, and pyarrow reads these as. */
export type ExtensionName = "arrow.json" | "arrow.uuid";

/** As `ConvertedType` numbers it. */
const convertedJson = 19n;

/** The leaves of a schema whose values Arrow has an extension type of, by their index among all leaves. */
export function findExtensionLeaves(elements: readonly ThriftStruct[]): Map<number, ExtensionName> {
  const names = new Map<number, ExtensionName>();
  for (const [leaf, place] of findLeaves(elements).entries()) {
    const name = extensionOf(elements[place]!);
    if (name !== undefined) names.set(leaf, name);
  }
  return names;
}

function extensionOf(element: ThriftStruct): ExtensionName | undefined {
  const logical = logicalTypeOf(element);
  if (logical?.id === logicalType.uuid) return "arrow.uuid";
  if (logical) return logical.id === logicalType.json ? "arrow.json" : undefined;
  return optionalInteger(element, schemaElement.convertedType) === convertedJson ? "arrow.json" : undefined;
}

const nameKey = "ARROW:extension:name";
const parametersKey = "ARROW:extension:metadata";

/** Marks a field as one of an extension type. The same field where it is marked, or is not of the type that is extended. */
export function markExtension(field: Field, name: ExtensionName): Field {
  const { type, metadata, dictionary } = field;
  const isExtended =
    name === "arrow.uuid"
      ? type.kind === "fixed_size_binary" && type.byteWidth === 16
      : ["utf8", "large_utf8", "utf8_view"].includes(type.kind);
  if (!isExtended || dictionary !== undefined || metadata.has(nameKey)) return field;
  return { ...field, metadata: new Map(metadata).set(nameKey, name).set(parametersKey, "") };
}
