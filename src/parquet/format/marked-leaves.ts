import {
  extensionNameKey,
  isBytesType,
  logicalTypeKey,
  uuidByteWidth,
  type DataType,
  type Field,
} from "../../arrow/index.ts";
import { logicalType, schemaElement } from "./footer-fields.ts";
import { logicalTypeOf } from "./logical-types.ts";
import { findLeaves } from "./shown-leaves.ts";
import type { ThriftStruct } from "./thrift.ts";
import { optionalInteger } from "./thrift-fields.ts";

/** What a field's metadata says of its values: an extension type, which pyarrow reads too, or ENUM, which Arrow has none of. */
export type LeafMark = "arrow.json" | "arrow.uuid" | "ENUM";

/** As `ConvertedType` numbers them. */
const convertedMarks = new Map<bigint | undefined, LeafMark>([
  [4n, "ENUM"],
  [19n, "arrow.json"],
]);

const logicalMarks = new Map<number, LeafMark>([
  [logicalType.enum, "ENUM"],
  [logicalType.json, "arrow.json"],
  [logicalType.uuid, "arrow.uuid"],
]);

/** The leaves of a schema whose values have a mark, by their index among all leaves. */
export function findMarkedLeaves(elements: readonly ThriftStruct[]): Map<number, LeafMark> {
  const marks = new Map<number, LeafMark>();
  for (const [leaf, place] of findLeaves(elements).entries()) {
    const mark = markOf(elements[place]!);
    if (mark !== undefined) marks.set(leaf, mark);
  }
  return marks;
}

function markOf(element: ThriftStruct): LeafMark | undefined {
  const logical = logicalTypeOf(element);
  if (logical) return logicalMarks.get(logical.id);
  return convertedMarks.get(optionalInteger(element, schemaElement.convertedType));
}

const parametersKey = "ARROW:extension:metadata";

/** Marks a field. The same field where it is marked, or its type has no such values. */
export function markField(field: Field, mark: LeafMark): Field {
  const { type, metadata, dictionary } = field;
  if (dictionary !== undefined || !isMarkable(type, mark)) return field;
  if (mark === "ENUM") return { ...field, metadata: new Map(metadata).set(logicalTypeKey, mark) };
  if (metadata.has(extensionNameKey)) return field;
  return { ...field, metadata: new Map(metadata).set(extensionNameKey, mark).set(parametersKey, "") };
}

function isMarkable(type: DataType, mark: LeafMark): boolean {
  switch (mark) {
    case "ENUM":
      return isBytesType(type) && type.kind !== "fixed_size_binary";
    case "arrow.json":
      return ["utf8", "large_utf8", "utf8_view"].includes(type.kind);
    case "arrow.uuid":
      return type.kind === "fixed_size_binary" && type.byteWidth === uuidByteWidth;
  }
}
