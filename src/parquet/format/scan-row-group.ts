import { columnChunk, columnMetaData, rowGroupField, sizeStatisticsField } from "./footer-fields.ts";
import { ThriftCursor, thriftType } from "./thrift-cursor.ts";

/** The properties of a column chunk that determine its presentation to the decoder, and whether it can be decoded. */
export interface ChunkTraits {
  /** Parquet's number of the codec; undefined if the metadata is encrypted or missing. */
  codec: number | undefined;
  /** As Parquet numbers it. */
  physicalType: number;
  /** Values, nulls among them. */
  valueCount: number;
  uncompressedByteLength: number;
  compressedByteLength: number;
  /** The number of level histograms from the writer; 0 if there are none. */
  repetitionLevelCount: number;
  definitionLevelCount: number;
  dataPageOffset: number;
  dictionaryPageOffset: number | undefined;
  /** Where its page indexes are, in bytes from the start of the file: of its statistics, of its pages, of both or none. */
  pageIndexOffsets: number[];
  isEncrypted: boolean;
}

/** Returns the position of the first page of a column chunk, in bytes. */
export function chunkStart({ dictionaryPageOffset = 0, dataPageOffset }: ChunkTraits): number {
  return isDictionaryOffset(dictionaryPageOffset, dataPageOffset) ? dictionaryPageOffset : dataPageOffset;
}

/** Returns the end of the last page of a column chunk, in bytes (exclusive). */
export function chunkEnd(chunk: ChunkTraits): number {
  return chunkStart(chunk) + chunk.compressedByteLength;
}

/**
 * Whether an offset is the position of a dictionary page. Without a dictionary, some writers use 0, or the position of
 * the data pages.
 */
export function isDictionaryOffset(dictionaryPageOffset: number, dataPageOffset: number): boolean {
  return dictionaryPageOffset > 0 && dictionaryPageOffset < dataPageOffset;
}

/** The properties of a row group for its presentation to the decoder. */
export interface RowGroupScan {
  readonly rowCount: number;
  /** The declared size of its values in bytes, encoded and not compressed. */
  readonly byteLength: number;
  /** Its column chunks, in order. */
  readonly chunks: readonly ChunkTraits[];
}

/**
 * Scans an encoded row group, and decodes only these properties.
 *
 * @throws RangeError if the bytes are not a row group
 */
export function scanRowGroup(rowGroup: Uint8Array): RowGroupScan {
  const cursor = new ThriftCursor(rowGroup);
  const chunks: ChunkTraits[] = [];
  let rowCount = 0;
  let byteLength = 0;
  cursor.struct((id) => {
    if (id === rowGroupField.rowCount) rowCount = cursor.integer();
    else if (id === rowGroupField.byteLength) byteLength = cursor.integer();
    else if (id === rowGroupField.columns) {
      cursor.list(() => {
        chunks.push(scanChunk(cursor));
        return true;
      });
    } else return false;
    return true;
  });
  return { rowCount, byteLength, chunks };
}

function scanChunk(cursor: ThriftCursor): ChunkTraits {
  const traits: ChunkTraits = {
    codec: undefined,
    physicalType: 0,
    valueCount: 0,
    uncompressedByteLength: 0,
    compressedByteLength: 0,
    repetitionLevelCount: 0,
    definitionLevelCount: 0,
    dataPageOffset: 0,
    dictionaryPageOffset: undefined,
    pageIndexOffsets: [],
    isEncrypted: false,
  };
  cursor.struct((id) => {
    if (id === columnChunk.offsetIndexOffset || id === columnChunk.columnIndexOffset) {
      traits.pageIndexOffsets.push(cursor.integer());
      return true;
    }
    if (id === columnChunk.cryptoMetadata) traits.isEncrypted = true;
    if (id !== columnChunk.metaData) return false;
    scanMetaData(cursor, traits);
    return true;
  });
  return traits;
}

function scanMetaData(cursor: ThriftCursor, traits: ChunkTraits): void {
  cursor.struct((id, type) => {
    switch (id) {
      case columnMetaData.codec:
        traits.codec = cursor.integer();
        return true;
      case columnMetaData.type:
        traits.physicalType = cursor.integer();
        return true;
      case columnMetaData.valueCount:
        traits.valueCount = cursor.integer();
        return true;
      case columnMetaData.uncompressedByteLength:
        traits.uncompressedByteLength = cursor.integer();
        return true;
      case columnMetaData.compressedByteLength:
        traits.compressedByteLength = cursor.integer();
        return true;
      case columnMetaData.sizeStatistics:
        // Fields of their number have been of other types, in files of old writers.
        if (type !== thriftType.struct) return false;
        scanLevels(cursor, traits);
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

function scanLevels(cursor: ThriftCursor, traits: ChunkTraits): void {
  const countElements = (): number => {
    let count = 0;
    cursor.list(() => (count++, false));
    return count;
  };
  cursor.struct((id, type) => {
    if (type !== thriftType.list) return false;
    if (id === sizeStatisticsField.repetitionHistogram) traits.repetitionLevelCount = countElements();
    else if (id === sizeStatisticsField.definitionHistogram) traits.definitionLevelCount = countElements();
    else return false;
    return true;
  });
}
