import { physicalTypes } from "./column-chunks.ts";
import { schemaElement } from "./footer-fields.ts";
import type { ChunkTraits, RowGroupScan } from "./scan-row-group.ts";
import type { SchemaLeaf } from "./schema-leaves.ts";
import type { ThriftStruct } from "./thrift.ts";
import { optionalInteger } from "./thrift-fields.ts";

/** The parts of a footer that describe its columns. */
export interface FooterParts {
  /** The schema's elements, depth first. */
  readonly elements: readonly ThriftStruct[];
  readonly leaves: readonly SchemaLeaf[];
  readonly scans: readonly RowGroupScan[];
}

/**
 * Asserts that a footer does not contradict itself about values. parquet-wasm uses one of two contradictory statements,
 * and returns wrong rows.
 *
 * @throws Error with the column
 */
export function assertConsistent({ elements, leaves, scans }: FooterParts): void {
  const types = elements.filter(isLeaf).map((element) => optionalInteger(element, schemaElement.type));
  for (const [rowGroupIndex, { rowCount, chunks }] of scans.entries()) {
    for (const [i, chunk] of chunks.entries()) {
      const leaf = leaves[i];
      // What an encrypted column says is encrypted.
      if (leaf === undefined || chunk.codec === undefined) continue;
      const why = contradictionOf(chunk, { leaf, rowCount, physicalType: Number(types[i] ?? NaN) });
      if (why === undefined) continue;
      throw new Error(`column ${JSON.stringify(leaf.path.join("."))} has ${why} in row group ${rowGroupIndex}`);
    }
  }
}

function isLeaf(element: ThriftStruct, index: number): boolean {
  return index > 0 && (optionalInteger(element, schemaElement.childCount) ?? 0n) === 0n;
}

interface ChunkPlace {
  readonly leaf: SchemaLeaf;
  readonly rowCount: number;
  /** The schema's. */
  readonly physicalType: number;
}

function contradictionOf(chunk: ChunkTraits, { leaf, rowCount, physicalType }: ChunkPlace): string | undefined {
  const { valueCount, repetitionLevelCount, definitionLevelCount } = chunk;
  if (chunk.physicalType !== physicalType) {
    return `values of ${typeName(chunk.physicalType)}, which the schema calls ${typeName(physicalType)},`;
  }
  // A row has one value, nulls counted, or in a list any number, an empty list counted as one.
  if (leaf.repetitionMax === 0 ? valueCount !== rowCount : valueCount < rowCount) {
    return `${valueCount} values for ${rowCount} rows`;
  }
  const isCounted = (count: number, max: number): boolean => count === 0 || count === max + 1;
  if (isCounted(repetitionLevelCount, leaf.repetitionMax) && isCounted(definitionLevelCount, leaf.definitionMax)) {
    return undefined;
  }
  return "other levels than its schema";
}

function typeName(physicalType: number): string {
  return (physicalTypes[physicalType] ?? `type ${physicalType}`).toUpperCase();
}
