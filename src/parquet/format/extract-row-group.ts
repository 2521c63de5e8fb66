import { joinPieces } from "../../flight/index.ts";
import { createJoinedSource, type ByteSource } from "./byte-source.ts";
import { fileMetaData } from "./footer-fields.ts";
import { encodeFileEnd, magic } from "./footer.ts";
import { moveRowGroup } from "./place-row-group.ts";
import { chunkEnd, chunkStart, scanRowGroup } from "./scan-row-group.ts";
import type { ThriftStruct } from "./thrift.ts";
import { listField } from "./thrift-fields.ts";

/**
 * Presents a row group as a file of its own, with small offsets. Only its page indexes are read.
 *
 * @param footer - the footer of the file, with encoded row groups (`decodeFooterOnly`)
 * @throws RangeError if the row group does not exist, or is not valid
 */
export function extractRowGroup(source: ByteSource, footer: ThriftStruct, rowGroupIndex: number): ByteSource {
  const encoded = listField(footer, fileMetaData.rowGroups).elements[rowGroupIndex];
  if (!(encoded instanceof Uint8Array)) throw new RangeError(`a Parquet file has no row group ${rowGroupIndex}`);
  const { chunks } = scanRowGroup(encoded);
  const start = Math.min(...chunks.map(chunkStart)) - magic.byteLength;
  const end = Math.max(...chunks.map(chunkEnd));
  const moved = moveRowGroup(encoded, -start, (from, to) => source.read(from, to));
  const pieces = encodeFileEnd({ template: footer, rowGroups: [moved], byteOffset: end - start });
  return createJoinedSource(source, [start, end], joinPieces(pieces));
}
