import { fileMetaData, schemaElement } from "./footer-fields.ts";
import { decodeThriftStruct, encodeThriftStruct, thriftType, type ThriftStruct } from "./thrift.ts";
import { integerField, listField, setInteger } from "./thrift-fields.ts";

const { schema, rowGroups, columnOrders } = fileMetaData;

/**
 * Joins the footers of files that have different columns of the same rows. The nodes of the schema stay encoded: wide
 * files have thousands of them, and they are written as they came.
 *
 * @param footers - encoded, at least one, in the order of the columns
 * @returns a footer without row groups, for `encodeFileEnd`
 */
export function joinSchemas(footers: readonly Uint8Array[]): ThriftStruct {
  const [first, ...others] = footers.map((footer) =>
    decodeThriftStruct(footer, { encodedElementsOf: [schema, rowGroups, columnOrders] }),
  );
  if (first === undefined) throw new RangeError("there are no footers to join");
  const none = { elementType: thriftType.struct, elements: [] };
  const joined = new Map(first).set(rowGroups, { type: thriftType.list, value: none });
  if (others.length === 0) return joined;
  const all = [first, ...others];
  const [root] = listField(first, schema).elements;
  const joinedRoot = decodeThriftStruct(root as Uint8Array);
  const roots = all.map((footer) => decodeThriftStruct(listField(footer, schema).elements[0] as Uint8Array));
  const childCount = roots.reduce((sum, each) => sum + integerField(each, schemaElement.childCount), 0);
  setInteger(joinedRoot, schemaElement.childCount, BigInt(childCount));
  const nodes = all.flatMap((footer) => listField(footer, schema).elements.slice(1));
  joined.set(schema, {
    type: thriftType.list,
    value: { elementType: thriftType.struct, elements: [encodeThriftStruct(joinedRoot), ...nodes] },
  });
  if (!all.every((footer) => footer.has(columnOrders))) joined.delete(columnOrders);
  else {
    const orders = all.flatMap((footer) => listField(footer, columnOrders).elements);
    joined.set(columnOrders, { type: thriftType.list, value: { elementType: thriftType.struct, elements: orders } });
  }
  return joined;
}
