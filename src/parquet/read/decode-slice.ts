import type { ParquetFile, ReaderOptions, RecordBatch } from "parquet-wasm";
import { resolveFilter, selectRows, type BoundFilter, type ResolvedExpression } from "../../filter/index.ts";
import {
  cutRecordBatch,
  decodeSchema,
  RecordBatchSlice,
  takeRows,
  type ArrayView,
  type Field,
  type SliceBounds,
} from "../../arrow/index.ts";
import { batchBodyBytesTarget, messageBytesMax, type FlightFrame } from "../../flight/index.ts";
import {
  batchBodyBytesMin,
  batchMessageBytesMax,
  costlyRatioMin,
  decodedBytesMax,
  decodedRowsMin,
  fieldHeaderBytes,
} from "../limits.ts";
import { DictionaryTracker } from "../write/dictionary-tracker.ts";
import { decodeSmallFile } from "./decode-small-file.ts";
import { assertMapKeys } from "./assert-map-keys.ts";
import { viewExportedBatch, type ExportedBatch } from "./exported-batch.ts";
import { assertExportedSchema } from "./exported-schema.ts";
import { planProjection, type Projection } from "./plan-projection.ts";
import { restoreUnits } from "./restore-units.ts";
import { restoreViews } from "./restore-views.ts";
import { rowGroupByteLength } from "../format/row-group-byte-length.ts";
import { mapLeaves } from "../format/shown-leaves.ts";
import { toStoredType } from "../format/stored-schema.ts";
import { UnsupportedError } from "../format/unsupported-error.ts";
import { wantedColumns } from "./wanted-columns.ts";
import {
  bytesRead,
  openRowGroup,
  openWholeRowGroups,
  showOpenFile,
  unskippableColumns,
} from "../workers/worker-files.ts";
import { reserveMemory } from "../workers/reserve-memory.ts";
import { ExhaustedError, type DecodedSlice, type DecodeJob } from "../workers/worker-protocol.ts";

/**
 * Runs a decode job. Returns the rows as record batches of about 2 MiB. A dictionary precedes a batch if the batch
 * needs it and it differs from the previous one.
 *
 * @throws Error if the rows cannot be decoded; ExhaustedError if a row exceeds the maximum size of a message
 */
export async function decodeSlice(job: DecodeJob): Promise<DecodedSlice> {
  const { fields: declared } = decodeSchema(job.schemaHeader);
  const { convertedLeaves } = showOpenFile(job.file);
  const fields = mapLeaves(declared, (leaf, leafIndex) =>
    convertedLeaves.has(leafIndex) ? { ...leaf, type: toStoredType(leaf.type) } : leaf,
  );
  const { columnIndices } = job;
  const isWanted = columnIndices && new Set(columnIndices.map((columnIndex) => declared[columnIndex]));
  const decoded = withFiltered(columnIndices, job.filter);
  const declaredOf = new Map(fields.map((field, i) => [field, declared[i]!]));
  const encoder = new BatchEncoder(planProjection(fields, decoded), {
    filter: job.filter && resolveFilter(job.filter, declared),
    isWanted: (field) => isWanted?.has(field) ?? true,
    declaredOf: (field) => declaredOf.get(field)!,
    bounds: { bodyBytesMax: bodyBytesMaxOf(declared), rowCountMax: job.batchRowCount },
  });
  const { projection } = encoder;
  assertDecodable(job, projection, fields);
  reserveMemory({ byteLength: job.expectedBytes ?? 0, columnCount: projection.fields.length });
  let rowCount = 0;
  const decoding = { names: projection.names, columnIndices: decoded, skips: canSkip(job) };
  for await (const batch of openBatches(job, decoding)) {
    rowCount += batch.numRows;
    encoder.add(batch);
  }
  if (rowCount !== job.rowCount) throw new Error(`${rowCount} rows were decoded; ${job.rowCount} were expected`);
  const { frames, byteLength } = encoder;
  return { frames, byteLength, isCostly: await isCostly(job, byteLength, decoding) };
}

/** Returns the size at which bodies of batches of these columns are cut. */
function bodyBytesMaxOf(fields: readonly Field[]): number {
  return Math.max(batchMessageBytesMax - fieldHeaderBytes * countFields(fields), batchBodyBytesMin);
}

function countFields(fields: readonly Field[]): number {
  return fields.reduce((sum, { children }) => sum + countFields(children), fields.length);
}

/** The columns and rows that a job decodes. */
interface Decoding {
  /** The column names that parquet-wasm gets; undefined for all columns. */
  readonly names: string[] | undefined;
  /** The indices of the same columns. */
  readonly columnIndices: readonly number[] | undefined;
  /** Whether the rows before the first row of the job are skipped. */
  readonly skips: boolean;
}

/** Returns whether all decoded columns support skipping the rows before the first row of the job. */
function canSkip(job: DecodeJob): boolean {
  const { file, rowGroupIndices, rowStart } = job;
  return rowStart === 0 || unskippableColumns(file, rowGroupIndices[0]!, wantedColumns(job)).size === 0;
}

/** @throws UnsupportedError if one of the columns cannot be decoded */
function assertDecodable({ file }: DecodeJob, { fields }: Projection, all: readonly Field[]): void {
  const { refusals } = showOpenFile(file);
  for (const [columnIndex, why] of refusals) {
    if (fields.includes(all[columnIndex]!)) throw new UnsupportedError(why);
  }
}

/** Returns whether much more of a row group was read or decoded than the job needs. */
async function isCostly(
  { file, rowGroupIndices, isWhole }: DecodeJob,
  byteLength: number,
  { columnIndices, skips }: Decoding,
): Promise<boolean> {
  if (isWhole || rowGroupIndices.length > 1) return false;
  const { parquet, indices } = await openRowGroup(file, rowGroupIndices[0]!, columnIndices);
  const groupByteLength = rowGroupByteLength(parquet, indices[0]!);
  return !skips || bytesRead() > Math.max(costlyRatioMin * byteLength, groupByteLength / 2);
}

/** Decodes the rows of a job with parquet-wasm. The consumer frees each batch. */
async function* openBatches(job: DecodeJob, { names, columnIndices, skips }: Decoding): AsyncGenerator<RecordBatch> {
  const { file, rowGroupIndices, rowStart, rowCount } = job;
  const batchSize = decodedRowCount(job);
  const atOnce = names === undefined ? decodeSmallFile(job, batchSize) : undefined;
  if (atOnce) return yield* atOnce;
  const options = { batchSize, ...(names && { columns: names }) };
  const [rowGroupIndex, ...others] = rowGroupIndices;
  if (job.isWhole || rowGroupIndex === undefined || others.length > 0) {
    for await (const { parquet, indices } of openWholeRowGroups(file, rowGroupIndices)) {
      yield* streamBatches(parquet, { ...options, rowGroups: [...indices] });
    }
    return;
  }
  const { parquet, indices } = await openRowGroup(file, rowGroupIndex, columnIndices);
  // Rows that cannot be skipped are decoded and dropped.
  const skip = skips ? 0 : rowStart;
  const window = { offset: rowStart - skip, limit: rowCount + skip, rowGroups: [...indices] };
  let rest = skip;
  for await (const batch of streamBatches(parquet, { ...options, ...window })) {
    const wanted = dropRows(batch, rest);
    rest -= batch.numRows;
    if (wanted !== batch) batch.free();
    if (wanted) yield wanted;
  }
}

/** Returns how many rows parquet-wasm decodes at a time. */
function decodedRowCount({ batchRowCount, rowCount }: DecodeJob): number {
  const rowCountMax = Math.floor((batchRowCount * decodedBytesMax) / batchBodyBytesTarget);
  return Math.max(batchRowCount, Math.min(decodedRowsMin, rowCountMax, rowCount));
}

async function* streamBatches(parquet: ParquetFile, options: ReaderOptions): AsyncGenerator<RecordBatch> {
  yield* (await parquet.stream(options)) as ReadableStream<RecordBatch>;
}

/** Adds the columns of the filter to the requested columns. */
function withFiltered(columnIndices: readonly number[] | undefined, filter: BoundFilter | undefined) {
  if (columnIndices === undefined || filter === undefined) return columnIndices;
  return [...new Set([...columnIndices, ...filter.columnIndices])].sort((a, b) => a - b);
}

/**
 * Returns a batch without its first rows: the same batch if there is nothing to drop, undefined if no rows are left.
 */
function dropRows(batch: RecordBatch, rowCount: number): RecordBatch | undefined {
  if (rowCount <= 0) return batch;
  return rowCount < batch.numRows ? batch.slice(rowCount, batch.numRows - rowCount) : undefined;
}

/** The decoded rows and columns that go into the result. */
interface OutputSelection {
  readonly filter: ResolvedExpression | undefined;
  /** Whether the result includes a column, given its declared field. */
  readonly isWanted: (field: Field) => boolean;
  /** Returns the declared field of a column, given its decoded field. */
  readonly declaredOf: (field: Field) => Field;
  /** The maximum size of a batch. */
  readonly bounds: SliceBounds;
}

/** Encodes the requested rows and columns of decoded batches as frames. */
class BatchEncoder {
  readonly frames: FlightFrame[] = [];
  byteLength = 0;
  readonly projection: Projection;
  readonly #selection: OutputSelection;
  readonly #declared: readonly Field[];
  readonly #dictionaries = new DictionaryTracker();
  #isAsserted = false;

  constructor(projection: Projection, selection: OutputSelection) {
    this.projection = projection;
    this.#selection = selection;
    this.#declared = projection.fields.map(selection.declaredOf);
  }

  /** Encodes a batch and frees it. */
  add(batch: RecordBatch): void {
    const rowCount = batch.numRows;
    using exported = batch.intoFFI();
    const { fields, shownFields } = this.projection;
    // All batches of a job have one schema.
    if (!this.#isAsserted) assertExportedSchema(exported.schemaAddr(), shownFields);
    this.#isAsserted = true;
    const viewed = viewExportedBatch(exported, fields);
    for (const column of viewed.columns) assertMapKeys(column);
    const decoded = restoreUnits(viewed, this.#declared);
    const columns = decoded.columns.filter(({ field }) => this.#selection.isWanted(field));
    this.byteLength += new RecordBatchSlice(decoded.columns, { rowStart: 0, rowCount }).bodyByteLength;
    const rows = this.#select(decoded, rowCount);
    if (rows === undefined) return this.#encode(columns, rowCount, decoded);
    if (rows.length === 0) return;
    this.#encode(
      columns.map((column) => takeRows(column, rows)),
      rows.length,
      decoded,
    );
  }

  #select({ columns, dictionaryValues }: ExportedBatch, rowCount: number): Uint32Array | undefined {
    const { filter } = this.#selection;
    if (filter === undefined) return undefined;
    return selectRows(filter, {
      rowCount,
      columnOf: ([column]) => columns.find(({ field }) => field === column)!,
      dictionaryOf: (id) => dictionaryValues.get(id),
    });
  }

  #encode(columns: readonly ArrayView[], rowCount: number, { dictionaryValues }: ExportedBatch): void {
    const dictionaryIds = new Set(columns.flatMap(({ field }) => dictionaryIdsOf(field)));
    for (const [dictionaryId, values] of dictionaryValues) {
      if (!dictionaryIds.has(dictionaryId)) continue;
      const range = { rowStart: 0, rowCount: values.length, dictionaryId };
      const frame = toSentFrame(new RecordBatchSlice([restoreViews(values)], range), "a dictionary");
      if (this.#dictionaries.replace(dictionaryId, frame)) this.frames.push(frame);
    }
    for (const slice of cutRecordBatch(columns.map(restoreViews), rowCount, this.#selection.bounds)) {
      this.frames.push(toSentFrame(slice, "a row"));
    }
  }
}

function dictionaryIdsOf({ dictionary, children }: Field): bigint[] {
  return [...(dictionary ? [dictionary.id] : []), ...children.flatMap(dictionaryIdsOf)];
}

function toSentFrame(slice: RecordBatchSlice, what: string): FlightFrame {
  const { bodyByteLength } = slice;
  if (bodyByteLength <= messageBytesMax) return slice.toFrame();
  throw new ExhaustedError(`${what} takes ${bodyByteLength} bytes; the maximum of a message is ${messageBytesMax}`);
}
