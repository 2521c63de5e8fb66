import { codecName, isReadableCodec } from "./codecs.ts";
import type { ChunkTraits, RowGroupScan } from "./scan-row-group.ts";
import type { SchemaLeaf } from "./schema-leaves.ts";
import { UnsupportedError } from "./unsupported-error.ts";

/**
 * Finds the columns that cannot be decoded according to the footer: encrypted columns, and columns with an unsupported
 * codec.
 *
 * @returns the reasons, by index of the top-level column
 * @throws UnsupportedError if the file cannot be read at all
 */
export function findRefusals(leaves: readonly SchemaLeaf[], scans: readonly RowGroupScan[]): Map<number, string> {
  const refusals = new Map<number, string>();
  for (const { chunks } of scans) {
    for (const [i, chunk] of chunks.entries()) {
      const leaf = leaves[i];
      const why = leaf && refusalOf(chunk, leaf);
      if (why === undefined) continue;
      if (isFatal(chunk)) throw new UnsupportedError(why);
      if (!refusals.has(leaf!.columnIndex)) refusals.set(leaf!.columnIndex, why);
    }
  }
  return refusals;
}

function refusalOf({ isEncrypted, codec }: ChunkTraits, { path }: SchemaLeaf): string | undefined {
  if (!isEncrypted && (codec === undefined || isReadableCodec(codec))) return undefined;
  const column = `column ${JSON.stringify(path.join("."))}`;
  if (isEncrypted || codec === undefined) return `${column} is encrypted`;
  return `${column} is compressed by the codec ${codecName(codec)}, which is not supported`;
}

/** Whether parquet-wasm refuses the whole footer for it. */
function isFatal({ isEncrypted, codec }: ChunkTraits): boolean {
  return codec === undefined ? isEncrypted : codecName(codec).startsWith("UNKNOWN");
}
