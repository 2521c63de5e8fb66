import { codecName } from "./codecs.ts";
import {
  columnChunk,
  columnMetaData,
  columnOrder,
  fileMetaData,
  rowGroupField,
  schemaElement,
  statisticsField,
} from "./footer-fields.ts";
import { findSchemaLeaves, type StoredUnit } from "./schema-leaves.ts";
import { integerField, listField, optionalInteger, structField, structListField } from "./thrift-fields.ts";
import type { ThriftStruct } from "./thrift.ts";

/** Parquet's own types, by their number. */
export const physicalTypes = [
  "boolean",
  "int32",
  "int64",
  "int96",
  "float",
  "double",
  "byte_array",
  "fixed_len_byte_array",
] as const;

/** A type of Parquet's own. */
export type PhysicalType = (typeof physicalTypes)[number];

/** A part of a file, in bytes. */
export interface FileRange {
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** The metadata of a column chunk in a footer. */
export interface ColumnChunk {
  /** The column's name, then those of the nested fields down to the chunk's own. */
  readonly path: readonly string[];
  readonly physicalType: PhysicalType | undefined;
  /** The length of a value in bytes, if it is fixed. */
  readonly typeByteLength: number | undefined;
  /** As `SchemaLeaf` has it. */
  readonly unit: StoredUnit | undefined;
  /** As Parquet names it, such as `SNAPPY`. */
  readonly codec: string;
  /** Values, nulls among them. */
  readonly valueCount: number;
  readonly uncompressedByteLength: number;
  readonly compressedByteLength: number;
  readonly nullCount: number | undefined;
  /** The minimum, encoded; undefined if the file does not define the order. */
  readonly min: Uint8Array | undefined;
  /** The maximum, encoded; undefined if the file does not define the order. */
  readonly max: Uint8Array | undefined;
  /** Whether the file states a bound, be it one whose order is not known. */
  readonly hasBounds: boolean;
  /** Whether the writer declares a bound as truncated. Many writers do not declare it, and do not truncate. */
  readonly isCut: boolean;
  /** The position of the column index; undefined if there is none, or if its order is not known. */
  readonly columnIndex: FileRange | undefined;
  /** The position of the offset index, which has the rows of the pages. */
  readonly offsetIndex: FileRange | undefined;
}

/** A row group as the footer describes it. */
export interface RowGroupChunks {
  readonly rowCount: number;
  readonly chunks: readonly ColumnChunk[];
}

const textDecoder = new TextDecoder();

/** The program that wrote the file; empty if the file does not name it. */
export function writerOf(footer: ThriftStruct): string {
  const value = footer.get(fileMetaData.createdBy)?.value;
  return value instanceof Uint8Array ? textDecoder.decode(value) : "";
}

/** Decodes the column chunks in a footer. @throws RangeError if it is not a Parquet footer */
export function readColumnChunks(footer: ThriftStruct): RowGroupChunks[] {
  const orders = footer.has(fileMetaData.columnOrders) ? structListField(footer, fileMetaData.columnOrders) : [];
  const elements = structListField(footer, fileMetaData.schema);
  const leaves = findSchemaLeaves(elements);
  const typeByteLengths = elements
    .filter((element) => !element.has(schemaElement.childCount))
    .map((element) => toCount(optionalInteger(element, schemaElement.typeByteLength)));
  return structListField(footer, fileMetaData.rowGroups).map((group) => ({
    rowCount: integerField(group, rowGroupField.rowCount),
    chunks: structListField(group, rowGroupField.columns).map((chunk, i) => {
      const isOrderKnown = orders[i]?.has(columnOrder.typeDefined) ?? false;
      return readChunk(chunk, { isOrderKnown, typeByteLength: typeByteLengths[i], unit: leaves[i]?.unit });
    }),
  }));
}

interface LeafFacts extends Pick<ColumnChunk, "typeByteLength" | "unit"> {
  readonly isOrderKnown: boolean;
}

const bounds = [statisticsField.min, statisticsField.max, statisticsField.oldMin, statisticsField.oldMax];

function readChunk(chunk: ThriftStruct, { isOrderKnown, typeByteLength, unit }: LeafFacts): ColumnChunk {
  const meta = structField(chunk, columnChunk.metaData);
  const physicalType = physicalTypes[integerField(meta, columnMetaData.type)];
  const statistics = meta.has(columnMetaData.statistics) ? structField(meta, columnMetaData.statistics) : new Map();
  // Of INT96 no order is defined.
  const isOrdered = isOrderKnown && physicalType !== "int96";
  const bytesOf = (id: number): Uint8Array | undefined => {
    const value = isOrdered ? (statistics as ThriftStruct).get(id)?.value : undefined;
    return value instanceof Uint8Array ? value : undefined;
  };
  return {
    path: listField(meta, columnMetaData.path).elements.map((name) => textDecoder.decode(name as Uint8Array)),
    physicalType,
    typeByteLength,
    unit,
    codec: codecName(integerField(meta, columnMetaData.codec)),
    valueCount: integerField(meta, columnMetaData.valueCount),
    uncompressedByteLength: integerField(meta, columnMetaData.uncompressedByteLength),
    compressedByteLength: integerField(meta, columnMetaData.compressedByteLength),
    nullCount: toCount(optionalInteger(statistics, statisticsField.nullCount)),
    min: bytesOf(statisticsField.min),
    max: bytesOf(statisticsField.max),
    hasBounds: bounds.some((id) => (statistics as ThriftStruct).has(id)),
    isCut: [statisticsField.isMinExact, statisticsField.isMaxExact].some(
      (id) => (statistics as ThriftStruct).get(id)?.value === false,
    ),
    columnIndex: isOrdered ? rangeOf(chunk, columnChunk.columnIndexOffset, columnChunk.columnIndexLength) : undefined,
    offsetIndex: rangeOf(chunk, columnChunk.offsetIndexOffset, columnChunk.offsetIndexLength),
  };
}

function toCount(value: bigint | undefined): number | undefined {
  return value === undefined || value < 0n ? undefined : Number(value);
}

function rangeOf(chunk: ThriftStruct, offsetId: number, lengthId: number): FileRange | undefined {
  const byteOffset = toCount(optionalInteger(chunk, offsetId));
  const byteLength = toCount(optionalInteger(chunk, lengthId));
  return byteOffset === undefined || byteLength === undefined ? undefined : { byteOffset, byteLength };
}
