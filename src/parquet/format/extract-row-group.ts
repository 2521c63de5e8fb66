import { joinPieces } from "../../flight/index.ts";
import { createJoinedSource, type ByteSource } from "./byte-source.ts";
import { fileMetaData, rowGroupField } from "./footer-fields.ts";
import { chunkRange, encodeFileEnd, magic, moveRowGroup } from "./footer.ts";
import { decodeThriftStruct, type ThriftStruct } from "./thrift.ts";
import { listField, structListField } from "./thrift-fields.ts";

/**
 * Presents a row group as a file of its own, with small offsets. Only its page indexes are read.
 *
 * @param footer - the footer of the file, with encoded row groups (`decodeFooterOnly`)
 * @throws RangeError if the row group does not exist, or is not valid
 */
export function extractRowGroup(source: ByteSource, footer: ThriftStruct, rowGroupIndex: number): ByteSource {
  const encoded = listField(footer, fileMetaData.rowGroups).elements[rowGroupIndex];
  if (!(encoded instanceof Uint8Array)) throw new RangeError(`a Parquet file has no row group ${rowGroupIndex}`);
  const group = decodeThriftStruct(encoded);
  const ranges = structListField(group, rowGroupField.columns).map(chunkRange);
  const start = Math.min(...ranges.map((range) => range.start)) - magic.byteLength;
  const end = Math.max(...ranges.map((range) => range.end));
  const moved = moveRowGroup(group, -start, (from, to) => source.read(from, to));
  const pieces = encodeFileEnd({ template: footer, rowGroups: [moved], byteOffset: end - start });
  return createJoinedSource(source, [start, end], joinPieces(pieces));
}
