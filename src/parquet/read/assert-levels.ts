import { columnChunk, columnMetaData, rowGroupField } from "../format/footer-fields.ts";
import { chunkRange } from "../format/footer.ts";
import { countLevels } from "../format/level-counts.ts";
import { pageKinds, readPageHeaders, type ReadRange } from "../format/scan-pages.ts";
import type { SchemaLeaf } from "../format/schema-leaves.ts";
import type { ThriftStruct } from "../format/thrift.ts";
import { integerField, structField, structListField } from "../format/thrift-fields.ts";
import { openRowGroupStruct } from "../workers/row-group-findings.ts";
import type { OpenFile } from "../workers/worker-protocol.ts";

/**
 * Asserts that the levels of nested columns do not exceed the maximum levels of the schema. A file has such levels if
 * its writer's schema had more optional or repeated fields. parquet-wasm decodes them to values that were never
 * written. Only the first page of each column is checked.
 *
 * @returns whether pages were checked, because the schema has nested columns whose levels have a larger bit width
 * @throws Error that names the column
 */
export function assertLevels(file: OpenFile): boolean {
  const { read, group, leaves } = openRowGroupStruct(file, 0);
  if (leaves.every(hasFullLevels)) return false;
  for (const [i, chunk] of structListField(group, rowGroupField.columns).entries()) {
    const leaf = leaves[i];
    if (leaf === undefined || hasFullLevels(leaf)) continue;
    if (!hasLevelsBeyond(read, chunk, leaf)) continue;
    throw new Error(`column ${JSON.stringify(leaf.path.join("."))} has other levels than its schema`);
  }
  return true;
}

function hasFullLevels({ repetitionMax, definitionMax }: SchemaLeaf): boolean {
  return isFull(repetitionMax) && isFull(definitionMax);
}

/** Returns whether a maximum level uses all values of its bit width, so that no level can exceed it. */
function isFull(levelMax: number): boolean {
  return (levelMax & (levelMax + 1)) === 0;
}

function hasLevelsBeyond(read: ReadRange, chunk: ThriftStruct, leaf: SchemaLeaf): boolean {
  try {
    const codec = integerField(structField(chunk, columnChunk.metaData), columnMetaData.codec);
    for (const page of readPageHeaders(read, chunkRange(chunk))) {
      if (page.kind !== pageKinds.data && page.kind !== pageKinds.dataV2) continue;
      const counts = countLevels(read, page, { codec, leaf });
      const isBeyond = (levels: readonly number[], max: number): boolean =>
        levels.slice(max + 1).some((count) => count > 0);
      return (
        counts !== undefined &&
        (isBeyond(counts.repetition, leaf.repetitionMax) || isBeyond(counts.definition, leaf.definitionMax))
      );
    }
  } catch {
    // The decoder reports the error of the page.
  }
  return false;
}
