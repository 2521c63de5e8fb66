import { decodeSchema, decodeSchemaMessage } from "../../arrow/index.ts";
import { FlightError, headerBytesMax } from "../../flight/index.ts";
import { footerEntriesMax, footerNodesMax, footerPathBytesMax, footerRowGroupsMax } from "./limits.ts";
import { fileMetaData, schemaElement } from "./footer-fields.ts";
import { arrowSchemaTexts } from "./footer.ts";
import { ThriftCursor, thriftType } from "./thrift-cursor.ts";
import type { ThriftStruct } from "./thrift.ts";

/**
 * Asserts that an encoded footer is complete, and that its decoded size is within `limits.ts`. parquet-wasm allocates
 * memory for the declared counts, and objects of a hundred bytes for a few encoded bytes.
 *
 * @throws Error if it is not
 */
export function assertFooter(bytes: Uint8Array): void {
  const cursor = new ThriftCursor(bytes);
  try {
    cursor.struct((id, type) => {
      if (type !== thriftType.list) return false;
      if (id === fileMetaData.schema) assertSchemaNodes(cursor);
      else if (id === fileMetaData.rowGroups) assertCount(cursor, "row groups", footerRowGroupsMax);
      else if (id === fileMetaData.keyValueMetadata) assertCount(cursor, "metadata entries", footerEntriesMax);
      else return false;
      return true;
    });
  } catch (reason) {
    if (!(reason instanceof RangeError)) throw reason;
    throw new Error(`the footer is broken: ${reason.message}`, { cause: reason });
  }
}

/** The maximum length of an Arrow schema in base64. */
const arrowSchemaTextBytesMax = Math.ceil(headerBytesMax / 3) * 4 + 64;

/**
 * Asserts that the Arrow schema in a footer, if any, is within the limits of a schema.
 *
 * @throws Error if it is not
 */
export function assertArrowSchema(footer: ThriftStruct): void {
  for (const text of arrowSchemaTexts(footer)) {
    if (text.byteLength > arrowSchemaTextBytesMax) {
      throw new Error(`its Arrow schema has ${text.byteLength} bytes; the maximum is ${arrowSchemaTextBytesMax}`);
    }
    try {
      decodeSchema(decodeSchemaMessage(Buffer.from(Buffer.from(text).toString("latin1"), "base64")));
    } catch (reason) {
      // One that is broken in another way is parquet-wasm's to refuse.
      if (reason instanceof FlightError && reason.code === "resource_exhausted") throw reason;
    }
  }
}

function assertCount(cursor: ThriftCursor, what: string, countMax: number): void {
  cursor.list((index) => {
    if (index >= countMax) throw new Error(`the footer has more than ${countMax} ${what}`);
    return false;
  });
}

/** The memory that parquet-wasm needs for each name in a column's path, besides its text, in bytes. */
const nameOverheadBytes = 24;

/** Each column has its whole path in memory, of which the bytes of a group are in the footer once. */
function assertSchemaNodes(cursor: ThriftCursor): void {
  const above: { childrenLeft: number; readonly pathBytes: number }[] = [];
  let pathBytes = 0;
  cursor.list((index, elementType) => {
    if (index >= footerNodesMax) throw new Error(`the footer's schema has more than ${footerNodesMax} nodes`);
    if (elementType !== thriftType.struct) return false;
    const { nameBytes, childCount } = readNode(cursor);
    while (above.at(-1)?.childrenLeft === 0) above.pop();
    const parent = above.at(-1);
    if (parent) parent.childrenLeft -= 1;
    const ownBytes = (parent?.pathBytes ?? 0) + nameBytes + nameOverheadBytes;
    if (childCount > 0) above.push({ childrenLeft: childCount, pathBytes: ownBytes });
    else pathBytes += ownBytes;
    if (pathBytes <= footerPathBytesMax) return true;
    throw new Error(`the paths of its columns take more than ${footerPathBytesMax} bytes`);
  });
}

function readNode(cursor: ThriftCursor): { nameBytes: number; childCount: number } {
  const node = { nameBytes: 0, childCount: 0 };
  cursor.struct((id, type) => {
    if (id === schemaElement.name && type === thriftType.binary) {
      const start = cursor.byteOffset;
      cursor.skip(type);
      node.nameBytes = cursor.byteOffset - start;
      return true;
    }
    if (id !== schemaElement.childCount || type !== thriftType.i32) return false;
    node.childCount = cursor.integer();
    return true;
  });
  return node;
}
