import { assertConsistent } from "../format/assert-consistent.ts";
import { divideFooter, isUsual } from "../format/divide-footer.ts";
import { findFooter } from "../format/find-footer.ts";
import { fileMetaData } from "../format/footer-fields.ts";
import { decodeFooterOnly } from "../format/footer.ts";
import { keepNewest } from "../format/keep-newest.ts";
import { findSchemaLeaves, type SchemaLeaf } from "../format/schema-leaves.ts";
import type { ThriftStruct } from "../format/thrift.ts";
import { structListField } from "../format/thrift-fields.ts";
import { knownFooterBytesMax } from "./limits.ts";
import { createFileSource, takeReadFailure, useJobFile } from "../workers/file-source.ts";
import type { DescribeKnownJob, FileDescription, OpenFile } from "../workers/worker-protocol.ts";

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

/** Runs a job for several files. A file that fails gets a job of its own, which finds the reason. */
export function describeKnownFiles({ files }: DescribeKnownJob): (FileDescription | undefined)[] {
  return files.map((file) => {
    useJobFile(file);
    try {
      return describeKnownSchema(file);
    } catch {
      takeReadFailure();
      return undefined;
    }
  });
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
  keepNewest(knownSchemas, divided.digest, { schemaHeader, elements, leaves: findSchemaLeaves(elements) });
}
