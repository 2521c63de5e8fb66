import { columnChunk, columnMetaData, rowGroupField } from "../format/footer-fields.ts";
import { chunkRange } from "../format/footer.ts";
import { countLevels } from "../format/level-counts.ts";
import { pageKinds, readPageHeaders, type ReadRange } from "../format/scan-pages.ts";
import type { SchemaLeaf } from "../format/schema-leaves.ts";
import type { ThriftStruct } from "../format/thrift.ts";
import { integerField, structField, structListField } from "../format/thrift-fields.ts";
import { openRowGroupStruct } from "../workers/worker-files.ts";
import type { OpenFile } from "../workers/worker-protocol.ts";

/**
 * Asserts that nested columns have no levels beyond those of the schema, of which parquet-wasm makes values that nobody has
 * written: they were written by a schema in which more was optional or repeated. The first page of each column tells.
 *
 * @throws Error that names the column
 */
export function assertLevels(file: OpenFile): void {
  const { read, group, leaves } = openRowGroupStruct(file, 0);
  for (const [i, chunk] of structListField(group, rowGroupField.columns).entries()) {
    const leaf = leaves[i];
    if (leaf === undefined || (isFull(leaf.repetitionMax) && isFull(leaf.definitionMax))) continue;
    if (!hasLevelsBeyond(read, chunk, leaf)) continue;
    throw new Error(`column ${JSON.stringify(leaf.path.join("."))} has other levels than its schema`);
  }
}

/** Whether levels of so many bits can be none beyond it. */
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
    // Decoding will tell what is wrong with the page.
  }
  return false;
}
