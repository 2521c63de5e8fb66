import {
  Compression,
  EnabledStatistics,
  Encoding,
  Table,
  writeParquet,
  WriterPropertiesBuilder,
  type WriterProperties,
} from "parquet-wasm";
import { encodeIpcStream, RecordBatchSlice, viewRecordBatch, type Field, type Schema } from "../../arrow/index.ts";
import { type FlightFrame } from "../../flight/index.ts";
import { findRepetitive } from "./find-repetitive.ts";
import { openStream, type OpenedStream } from "./open-stream.ts";
import { columnChunkSizes, decodeFooter } from "./footer.ts";

/** How the values of a column are laid out and whether their pages are compressed. */
export interface ColumnEncoding {
  readonly layout: "dictionary" | "plain" | "delta";
  readonly isCompressed: boolean;
}

/** How the columns of a file are encoded. */
export interface ColumnEncodings {
  /** By name, the columns that are not nested. */
  readonly columns: ReadonlyMap<string, ColumnEncoding>;
  /** Nested columns. parquet-wasm cannot set their encodings separately. */
  readonly nested: ColumnEncoding;
}

/** The default encoding of a column: small, and supported by all readers. */
export const careful: ColumnEncoding = { layout: "dictionary", isCompressed: true };

/** The encoding of a column whose values do not repeat: Snappy finds out fast whether they can be compressed. */
const unrepeated: ColumnEncoding = { layout: "plain", isCompressed: true };

/**
 * The encodings that take the least memory: six times what is encoded, where others take eight or nine. Dictionaries that
 * came stay, as their values would otherwise stand in each row, in no order.
 */
export function leanEncodings({ fields }: Schema): ColumnEncodings {
  const plain: ColumnEncoding = { layout: "plain", isCompressed: false };
  const kept: ColumnEncoding = { layout: "dictionary", isCompressed: false };
  const isNested = ({ children }: Field): boolean => children.some((child) => child.dictionary || isNested(child));
  const flat = fields.filter(({ dictionary }) => dictionary).map(({ name }) => [name, kept] as const);
  return { columns: new Map(flat), nested: fields.some(isNested) ? kept : plain };
}

/** The largest dictionary that is made of values that came without one, in bytes: the default of parquet-wasm. */
const dictionaryBytesMax = 1024 * 1024;

/** The rows of a sample, as runs distributed over the row group. A smaller row group is not measured. */
const sampleRows = 4096;
const sampleRuns = 4;

function withoutDictionary({ fields }: Schema, repetitive: ReadonlySet<Field>): Map<string, ColumnEncoding> {
  return new Map(fields.flatMap((field) => (repetitive.has(field) ? [] : [[field.name, unrepeated] as const])));
}

/*
 * A dictionary or a codec costs time at each write and each read, so it has to pay. Measured over ten usual
 * columns (4 M rows): dictionaries everywhere write 170 MB/s, where they pay 300 MB/s, in files of equal size.
 */
const dictionaryGainMin = 0.25;
/** The share of bytes that differences must save. */
export const deltaGainMin = 0.4;
/** The share of bytes that Snappy must save. */
export const compressionGainMin = 0.15;

/**
 * Encodes a sample of a row group's rows in each layout, and selects the best one for each column. Undefined if there
 * are too few rows.
 *
 * @param stream - the row group as an IPC stream
 */
export function chooseColumnEncodings(stream: Uint8Array): ColumnEncodings | undefined {
  const opened = openStream(stream);
  const { frames, schema } = opened;
  const sample = takeSample(opened);
  if (sample === undefined) return undefined;
  const deltaColumns = deltaFields(schema);
  const asLayout = (layout: ColumnEncoding["layout"]): ColumnEncoding => ({ layout, isCompressed: true });
  const measure = (encodings: ColumnEncodings): Sizes => measureColumns(sample, encodings);
  const undictionaried = withoutDictionary(schema, findRepetitive(frames, schema));
  const dictionary = measure({ columns: undictionaried, nested: careful });
  const plainColumns = new Map(schema.fields.map(({ name }) => [name, asLayout("plain")]));
  const plain = measure({ columns: plainColumns, nested: asLayout("plain") });
  const delta =
    deltaColumns.length === 0
      ? undefined
      : measure({ columns: new Map(deltaColumns.map(({ name }) => [name, asLayout("delta")])), nested: careful });
  const isDelta = new Set(deltaColumns.map(({ name }) => name));
  const columns = new Map<string, ColumnEncoding>();
  for (const [name, size] of plain.columns) {
    const sizes = { plain: size, dictionary: undictionaried.has(name) ? undefined : dictionary.columns.get(name) };
    columns.set(name, chooseEncoding(isDelta.has(name) ? { ...sizes, delta: delta?.columns.get(name) } : sizes));
  }
  // What came as a dictionary is read as one, which is cheap only where the file has one too.
  for (const { name, dictionary: isDictionary } of schema.fields) if (isDictionary) columns.set(name, careful);
  const isNestedDictionary = schema.fields.some(({ children }) => children.some(hasDictionary));
  return {
    columns,
    nested: isNestedDictionary ? careful : chooseEncoding({ dictionary: dictionary.nested, plain: plain.nested }),
  };
}

function hasDictionary({ dictionary, children }: Field): boolean {
  return dictionary !== undefined || children.some(hasDictionary);
}

/** Bytes of a column's sample. */
export interface EncodedSize {
  readonly uncompressedByteLength: number;
  readonly compressedByteLength: number;
}

/** Selects the layout by the sizes of a column's sample. A layout without a size is not selected. */
export function chooseEncoding(sizes: {
  readonly plain: EncodedSize | undefined;
  readonly dictionary?: EncodedSize | undefined;
  readonly delta?: EncodedSize | undefined;
}): ColumnEncoding {
  const { plain, dictionary, delta } = sizes;
  if (plain === undefined || plain.uncompressedByteLength === 0) return careful;
  const isSmaller = (candidate: EncodedSize | undefined, than: EncodedSize, gainMin: number): boolean =>
    candidate !== undefined && candidate.uncompressedByteLength < (1 - gainMin) * than.uncompressedByteLength;
  let layout: ColumnEncoding["layout"] = "plain";
  let size = plain;
  if (dictionary && isSmaller(dictionary, size, dictionaryGainMin)) [layout, size] = ["dictionary", dictionary];
  if (delta && isSmaller(delta, size, deltaGainMin)) [layout, size] = ["delta", delta];
  return { layout, isCompressed: size.compressedByteLength < (1 - compressionGainMin) * size.uncompressedByteLength };
}

/** What parquet-wasm must know besides the encodings. */
export interface WriterOptions {
  /**
   * The size of the largest dictionary that came, which is written whole; of its own parquet-wasm makes none larger than a
   * mebibyte.
   */
  readonly dictionaryBytes?: number;
  /** Whether most columns have only one page, so that statistics of pages would say what those of the chunk say. */
  readonly isOnePage?: boolean;
}

/** Turns the choice into what parquet-wasm takes. Free it, or hand it to `writeParquet`, which does. */
export function toWriterProperties(
  { columns, nested }: ColumnEncodings,
  { dictionaryBytes = 0, isOnePage = false }: WriterOptions = {},
): WriterProperties {
  let builder = new WriterPropertiesBuilder()
    .setDictionaryPageSizeLimit(Math.max(dictionaryBytesMax, dictionaryBytes + 1))
    .setStatisticsEnabled(isOnePage ? EnabledStatistics.Chunk : EnabledStatistics.Page)
    .setDictionaryEnabled(nested.layout === "dictionary")
    .setCompression(nested.isCompressed ? Compression.SNAPPY : Compression.UNCOMPRESSED);
  for (const [name, { layout, isCompressed }] of columns) {
    builder = builder
      .setColumnDictionaryEnabled(name, layout === "dictionary")
      .setColumnCompression(name, isCompressed ? Compression.SNAPPY : Compression.UNCOMPRESSED);
    if (layout === "delta") builder = builder.setColumnEncoding(name, Encoding.DELTA_BINARY_PACKED);
  }
  return builder.build();
}

/** Returns the columns that Parquet stores as 32-bit or 64-bit integers, and whose names are theirs alone. */
export function deltaFields({ fields }: Schema): Field[] {
  const nameCounts = new Map<string, number>();
  for (const { name } of fields) nameCounts.set(name, (nameCounts.get(name) ?? 0) + 1);
  return fields.filter(({ name, type, dictionary }) => {
    const isInteger = ["int", "date", "time", "timestamp", "duration"].includes(type.kind);
    return isInteger && !dictionary && nameCounts.get(name) === 1;
  });
}

/** Returns the sample as an IPC stream; undefined if there are too few rows. */
function takeSample({ schemaFrame, schema, frames }: OpenedStream): Uint8Array | undefined {
  const batches = frames.flatMap(({ message, body }) =>
    message.kind === "record_batch" ? [{ body, layout: message.layout }] : [],
  );
  const rowCount = batches.reduce((sum, { layout }) => sum + layout.rowCount, 0);
  if (rowCount < 4 * sampleRows) return undefined;
  const runRows = sampleRows / sampleRuns;
  const sample: FlightFrame[] = [schemaFrame, ...frames.filter(({ message }) => message.kind !== "record_batch")];
  for (let run = 0; run < sampleRuns; run++) {
    let rowStart = Math.floor((run * (rowCount - runRows)) / (sampleRuns - 1));
    const batch = batches.find(({ layout }) => {
      if (rowStart < layout.rowCount) return true;
      rowStart -= layout.rowCount;
      return false;
    });
    if (batch === undefined) return undefined;
    const arrays = viewRecordBatch({ fields: schema.fields, layout: batch.layout, body: batch.body });
    const range = { rowStart, rowCount: Math.min(runRows, batch.layout.rowCount - rowStart) };
    sample.push(new RecordBatchSlice(arrays, range).toFrame());
  }
  return encodeIpcStream(sample);
}

interface Sizes {
  readonly columns: ReadonlyMap<string, EncodedSize>;
  readonly nested: EncodedSize;
}

function measureColumns(sample: Uint8Array, encodings: ColumnEncodings): Sizes {
  const file = writeParquet(Table.fromIPCStream(sample), toWriterProperties(encodings));
  const columns = new Map<string, EncodedSize>();
  const nested = { uncompressedByteLength: 0, compressedByteLength: 0 };
  for (const { path, ...size } of columnChunkSizes(decodeFooter(file))) {
    const [name, ...rest] = path;
    if (name !== undefined && rest.length === 0) columns.set(name, size);
    else {
      nested.uncompressedByteLength += size.uncompressedByteLength;
      nested.compressedByteLength += size.compressedByteLength;
    }
  }
  return { columns, nested };
}
