import { createHash } from "node:crypto";
import { knownRowGroupsMax } from "./limits.ts";
import { fileMetaData } from "./footer-fields.ts";
import { chunkEnd, chunkStart, scanRowGroup, type RowGroupScan } from "./scan-row-group.ts";
import { ThriftCursor, thriftType } from "./thrift-cursor.ts";

/** A footer, divided into what all files of a schema have in common, and the rest. */
export interface DividedFooter {
  /** The digest of all bytes outside of the row groups and the number of rows. */
  readonly digest: string;
  /** The number of rows that it declares. */
  readonly rowCount: number;
  readonly scans: readonly RowGroupScan[];
}

/** Divides a footer; undefined if it is broken or has many row groups. */
export function divideFooter(bytes: Uint8Array): DividedFooter | undefined {
  const cursor = new ThriftCursor(bytes);
  const rest = createHash("sha256");
  const scans: RowGroupScan[] = [];
  let rowCount = -1;
  try {
    cursor.struct((id, type) => {
      // The type of a boolean is its value.
      rest.update(`${id} ${type} `);
      if (type === thriftType.true || type === thriftType.false) return false;
      if (id === fileMetaData.rowCount && type === thriftType.i64) {
        rowCount = cursor.integer();
      } else if (id === fileMetaData.rowGroups && type === thriftType.list) {
        if (scans.length > 0) throw new RangeError("a footer has two lists of row groups");
        scanRowGroups(cursor, bytes, scans);
      } else {
        const start = cursor.byteOffset;
        cursor.skip(type);
        rest.update(bytes.subarray(start, cursor.byteOffset));
      }
      return true;
    });
  } catch (reason) {
    if (reason instanceof RangeError) return undefined;
    throw reason;
  }
  return { digest: rest.digest("base64"), rowCount, scans };
}

function scanRowGroups(cursor: ThriftCursor, bytes: Uint8Array, scans: RowGroupScan[]): void {
  cursor.list((index, elementType) => {
    if (index >= knownRowGroupsMax) throw new RangeError("a footer has many row groups");
    const start = cursor.byteOffset;
    cursor.skip(elementType);
    scans.push(scanRowGroup(bytes.subarray(start, cursor.byteOffset)));
    return true;
  });
}

/**
 * Returns whether all sizes and positions of a row group are those of an ordinary writer.
 *
 * @param fileEnd - the offset of the footer in bytes
 */
export function isUsual({ rowCount, byteLength, chunks }: RowGroupScan, leafCount: number, fileEnd: number): boolean {
  const sum = chunks.reduce((bytes, chunk) => bytes + chunk.uncompressedByteLength, 0);
  if (chunks.length !== leafCount || rowCount < 0 || byteLength < 0 || byteLength > sum) return false;
  return chunks.every((chunk) => {
    const isPlaced = chunkStart(chunk) > 0 && chunkEnd(chunk) <= fileEnd && chunk.compressedByteLength >= 0;
    return isPlaced && !chunk.isEncrypted && chunk.codec !== undefined;
  });
}
