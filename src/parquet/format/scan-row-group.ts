import { columnChunk, columnMetaData, rowGroupField } from "./footer-fields.ts";
import { ThriftCursor } from "./thrift-cursor.ts";

/** What decides how a column chunk is shown to the decoder, and whether it can be decoded. */
export interface ChunkTraits {
  /** As Parquet numbers its codec; undefined where its metadata is encrypted, or missing. */
  codec: number | undefined;
  dataPageOffset: number;
  dictionaryPageOffset: number | undefined;
  hasPageIndex: boolean;
  isEncrypted: boolean;
}

/** What a row group is shown to the decoder by. */
export interface RowGroupScan {
  readonly rowCount: number;
  /** Its column chunks, in order. */
  readonly chunks: readonly ChunkTraits[];
}

/**
 * Looks through an encoded row group, of which it decodes nothing else.
 *
 * @throws RangeError where the bytes are no row group
 */
export function scanRowGroup(rowGroup: Uint8Array): RowGroupScan {
  const cursor = new ThriftCursor(rowGroup);
  const chunks: ChunkTraits[] = [];
  let rowCount = 0;
  cursor.struct((id) => {
    if (id === rowGroupField.rowCount) rowCount = cursor.integer();
    else if (id === rowGroupField.columns) {
      cursor.list(() => {
        chunks.push(scanChunk(cursor));
        return true;
      });
    } else return false;
    return true;
  });
  return { rowCount, chunks };
}

function scanChunk(cursor: ThriftCursor): ChunkTraits {
  const traits: ChunkTraits = {
    codec: undefined,
    dataPageOffset: 0,
    dictionaryPageOffset: undefined,
    hasPageIndex: false,
    isEncrypted: false,
  };
  cursor.struct((id) => {
    if (id === columnChunk.offsetIndexOffset || id === columnChunk.columnIndexOffset) traits.hasPageIndex = true;
    else if (id === columnChunk.cryptoMetadata) traits.isEncrypted = true;
    if (id !== columnChunk.metaData) return false;
    scanMetaData(cursor, traits);
    return true;
  });
  return traits;
}

function scanMetaData(cursor: ThriftCursor, traits: ChunkTraits): void {
  cursor.struct((id) => {
    switch (id) {
      case columnMetaData.codec:
        traits.codec = cursor.integer();
        return true;
      case columnMetaData.dataPageOffset:
        traits.dataPageOffset = cursor.integer();
        return true;
      case columnMetaData.dictionaryPageOffset:
        traits.dictionaryPageOffset = cursor.integer();
        return true;
      default:
        return false;
    }
  });
}
