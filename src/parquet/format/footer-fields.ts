/* The ids of fields in Parquet's Thrift structures, as far as they are used. Source: parquet.thrift of apache/parquet-format. */

export const fileMetaData = {
  schema: 2,
  rowCount: 3,
  rowGroups: 4,
  keyValueMetadata: 5,
  createdBy: 6,
  columnOrders: 7,
  /** Reserved for extensions, which readers skip. Source: BinaryProtocolExtensions.md of apache/parquet-format. */
  extension: 32_767,
} as const;
export const schemaElement = {
  type: 1,
  typeByteLength: 2,
  repetition: 3,
  name: 4,
  childCount: 5,
  convertedType: 6,
  scale: 7,
  precision: 8,
  logicalType: 10,
} as const;
export const logicalType = {
  string: 1,
  map: 2,
  list: 3,
  enum: 4,
  decimal: 5,
  date: 6,
  time: 7,
  timestamp: 8,
  integer: 10,
  json: 12,
  bson: 13,
  uuid: 14,
  float16: 15,
  variant: 16,
  geometry: 17,
  geography: 18,
} as const;
export const decimalType = { scale: 1, precision: 2 } as const;
export const integerType = { bitWidth: 1, isSigned: 2 } as const;
export const timeType = { isUtc: 1, unit: 2 } as const;
export const timeUnit = { milliseconds: 1, microseconds: 2 } as const;
export const keyValue = { key: 1, value: 2 } as const;
export const rowGroupField = {
  columns: 1,
  byteLength: 2,
  rowCount: 3,
  fileOffset: 5,
  compressedByteLength: 6,
  ordinal: 7,
} as const;
export const columnChunk = {
  fileOffset: 2,
  metaData: 3,
  offsetIndexOffset: 4,
  offsetIndexLength: 5,
  columnIndexOffset: 6,
  columnIndexLength: 7,
  cryptoMetadata: 8,
} as const;
export const columnMetaData = {
  type: 1,
  encodings: 2,
  path: 3,
  codec: 4,
  valueCount: 5,
  uncompressedByteLength: 6,
  compressedByteLength: 7,
  dataPageOffset: 9,
  indexPageOffset: 10,
  dictionaryPageOffset: 11,
  statistics: 12,
  sizeStatistics: 16,
} as const;
export const sizeStatisticsField = { repetitionHistogram: 2, definitionHistogram: 3 } as const;
export const columnOrder = { typeDefined: 1 } as const;
export const statisticsField = {
  oldMax: 1,
  oldMin: 2,
  nullCount: 3,
  max: 5,
  min: 6,
  isMaxExact: 7,
  isMinExact: 8,
} as const;
export const columnIndexField = { nullPages: 1, minValues: 2, maxValues: 3, nullCounts: 5 } as const;
export const pageHeader = {
  kind: 1,
  uncompressedByteLength: 2,
  compressedByteLength: 3,
  checksum: 4,
  dataPage: 5,
  dictionaryPage: 7,
  dataPageV2: 8,
} as const;
export const dictionaryPage = { valueCount: 1 } as const;
export const dataPage = { valueCount: 1, encoding: 2, definitionEncoding: 3, repetitionEncoding: 4 } as const;
export const dataPageV2 = {
  valueCount: 1,
  rowCount: 3,
  encoding: 4,
  definitionByteLength: 5,
  repetitionByteLength: 6,
  isCompressed: 7,
} as const;
export const offsetIndexField = { pageLocations: 1 } as const;
export const pageLocation = { offset: 1, byteLength: 2, firstRow: 3 } as const;
