import { createHash } from "node:crypto";
import { assertConsistent } from "../format/assert-consistent.ts";
import { findFooter } from "../format/find-footer.ts";
import { fileMetaData } from "../format/footer-fields.ts";
import { decodeFooterOnly } from "../format/footer.ts";
import { chunkEnd, chunkStart, scanRowGroup, type RowGroupScan } from "../format/scan-row-group.ts";
import { findSchemaLeaves, type SchemaLeaf } from "../format/schema-leaves.ts";
import { ThriftCursor, thriftType } from "../format/thrift-cursor.ts";
import type { ThriftStruct } from "../format/thrift.ts";
import { structListField } from "../format/thrift-fields.ts";
import { knownFooterBytesMax, knownRowGroupsMax, openFilesMax } from "../limits.ts";
import { createFileSource } from "../workers/file-source.ts";
import type { FileDescription, OpenFile } from "../workers/worker-protocol.ts";

/*
 * A folder usually has many files of few schemas. parquet-wasm reads the schema of the first one. A later file whose
 * footer has the same bytes outside of its row groups has the same schema. Comparing takes a tenth of the time.
 */

/** The parts of a footer that are the same in all files of a schema, decoded. */
interface KnownSchema {
  readonly schemaHeader: Uint8Array;
  readonly elements: readonly ThriftStruct[];
  readonly leaves: readonly SchemaLeaf[];
}

/** The last schemas of this worker, by the digest of their bytes. */
const knownSchemas = new Map<string, KnownSchema>();

/** The row groups of a footer, and the digest of the rest, apart from the number of rows. */
interface DividedFooter {
  readonly digest: string;
  readonly scans: readonly RowGroupScan[];
}

/**
 * Describes a file if this worker knows its schema; otherwise undefined. It is also undefined if anything about its row
 * groups is unusual, so that parquet-wasm looks at them.
 *
 * @throws Error as `findFooter` and `assertConsistent`
 */
export function describeKnownSchema(file: OpenFile): FileDescription | undefined {
  const source = createFileSource(file);
  const { byteOffset, byteLength } = findFooter(source);
  if (byteLength > knownFooterBytesMax || knownSchemas.size === 0) return undefined;
  const divided = divideFooter(source.read(byteOffset, byteOffset + byteLength));
  const known = divided && knownSchemas.get(divided.digest);
  if (divided === undefined || known === undefined) return undefined;
  const { scans } = divided;
  const { elements, leaves, schemaHeader } = known;
  if (!scans.every((scan) => isUsual(scan, leaves.length, byteOffset))) return undefined;
  assertConsistent({ elements, leaves, scans });
  return { schemaHeader, rowGroups: scans.map(({ rowCount, byteLength }) => ({ rowCount, byteLength })) };
}

/** Keeps the schema of a file that parquet-wasm has described, if it does not depend on the pages of the file. */
export function keepSchema(file: OpenFile, { schemaHeader, shownSchema }: FileDescription): void {
  const source = createFileSource(file);
  const { byteOffset, byteLength } = findFooter(source);
  if (byteLength > knownFooterBytesMax || shownSchema !== undefined) return;
  const bytes = source.read(byteOffset, source.byteLength);
  const divided = divideFooter(bytes.subarray(0, byteLength));
  if (divided === undefined) return;
  const elements = structListField(decodeFooterOnly(bytes), fileMetaData.schema);
  knownSchemas.set(divided.digest, { schemaHeader, elements, leaves: findSchemaLeaves(elements) });
  const [oldest] = knownSchemas.keys();
  if (knownSchemas.size > openFilesMax && oldest !== undefined) knownSchemas.delete(oldest);
}

/** Divides a footer; undefined if it is broken or has many row groups. */
function divideFooter(bytes: Uint8Array): DividedFooter | undefined {
  const cursor = new ThriftCursor(bytes);
  const rest = createHash("sha256");
  const scans: RowGroupScan[] = [];
  try {
    cursor.struct((id, type) => {
      // The type of a boolean is its value.
      rest.update(`${id} ${type} `);
      if (type === thriftType.true || type === thriftType.false || id === fileMetaData.rowCount) return false;
      if (id === fileMetaData.rowGroups && type === thriftType.list) {
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
  return { digest: rest.digest("base64"), scans };
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

/** Returns whether all sizes and positions of a row group are those of an ordinary writer. */
function isUsual({ rowCount, byteLength, chunks }: RowGroupScan, leafCount: number, fileEnd: number): boolean {
  const sum = chunks.reduce((bytes, chunk) => bytes + chunk.uncompressedByteLength, 0);
  if (chunks.length !== leafCount || rowCount < 0 || byteLength < 0 || byteLength > sum) return false;
  return chunks.every((chunk) => {
    const isPlaced = chunkStart(chunk) > 0 && chunkEnd(chunk) <= fileEnd && chunk.compressedByteLength >= 0;
    return isPlaced && !chunk.isEncrypted && chunk.codec !== undefined;
  });
}
