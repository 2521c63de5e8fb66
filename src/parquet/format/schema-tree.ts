import { schemaElement } from "./footer-fields.ts";
import type { ThriftStruct } from "./thrift.ts";
import { optionalInteger } from "./thrift-fields.ts";

/** An element of a schema with those beneath it. */
export interface SchemaNode {
  readonly element: ThriftStruct;
  readonly children: readonly SchemaNode[];
}

/** The tree of a schema's elements. @param elements - depth first, the root before all @throws RangeError where it is none */
export function toSchemaTree(elements: readonly ThriftStruct[]): SchemaNode {
  let next = 0;
  const take = (): SchemaNode => {
    const element = elements[next++];
    if (element === undefined) throw new RangeError("a Parquet schema ends before its last column");
    const childCount = Number(optionalInteger(element, schemaElement.childCount) ?? 0n);
    return { element, children: Array.from({ length: childCount }, take) };
  };
  return take();
}
