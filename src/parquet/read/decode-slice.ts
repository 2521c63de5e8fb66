import type { ParquetFile, ReaderOptions, RecordBatch } from "parquet-wasm";
import { resolveFilter, selectRows, type BoundFilter, type ResolvedCondition } from "../../filter/index.ts";
import {
  cutRecordBatch,
  decodeSchema,
  RecordBatchSlice,
  takeRows,
  type ArrayView,
  type Field,
} from "../../arrow/index.ts";
import { messageBytesMax, type FlightFrame } from "../../flight/index.ts";
import { batchBodyBytesMax, costlyRatioMin } from "../limits.ts";
import { DictionaryTracker } from "../write/dictionary-tracker.ts";
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
import { ExhaustedError, type DecodedSlice, type DecodeJob } from "../workers/worker-protocol.ts";

/**
 * Runs a decode job: the rows as record batches of about 2 MiB, each behind the dictionaries that it needs and
 * that are not those of the batch before.
 *
 * @throws Error where the rows cannot be decoded, ExhaustedError where a row is larger than a message may be
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
  const encoder = new BatchEncoder(planProjection(fields, decoded), {
    conditions: job.filter && resolveFilter(job.filter, declared),
    isWanted: (field) => isWanted?.has(field) ?? true,
    declaredOf: (field) => declared[fields.indexOf(field)]!,
  });
  const { projection } = encoder;
  assertDecodable(job, projection, fields);
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

/** What is decoded of a job's rows. */
interface Decoding {
  /** The columns, as parquet-wasm is asked for them; undefined for all. */
  readonly names: string[] | undefined;
  /** The same by their indices. */
  readonly columnIndices: readonly number[] | undefined;
  /** Whether the rows before the job's first are skipped. */
  readonly skips: boolean;
}

/** Whether the rows before a job's first can be skipped, in all columns that are decoded. */
function canSkip(job: DecodeJob): boolean {
  const { file, rowGroupIndices, rowStart } = job;
  return rowStart === 0 || unskippableColumns(file, rowGroupIndices[0]!, wantedColumns(job)).size === 0;
}

/** @throws UnsupportedError where one of the columns cannot be decoded */
function assertDecodable({ file }: DecodeJob, { fields }: Projection, all: readonly Field[]): void {
  const { refusals } = showOpenFile(file);
  for (const [columnIndex, why] of refusals) {
    if (fields.includes(all[columnIndex]!)) throw new UnsupportedError(why);
  }
}

/** Whether far more of a row group was read or decoded than was wanted. */
async function isCostly(
  { file, rowGroupIndices }: DecodeJob,
  byteLength: number,
  { columnIndices, skips }: Decoding,
): Promise<boolean> {
  if (rowGroupIndices.length > 1) return false;
  const { parquet, indices } = await openRowGroup(file, rowGroupIndices[0]!, columnIndices);
  const groupByteLength = rowGroupByteLength(parquet, indices[0]!);
  return !skips || bytesRead() > Math.max(costlyRatioMin * byteLength, groupByteLength / 2);
}

/** The rows of a job as parquet-wasm decodes them; each batch is its receiver's to free. */
async function* openBatches(job: DecodeJob, { names, columnIndices, skips }: Decoding): AsyncGenerator<RecordBatch> {
  const { file, rowGroupIndices, rowStart, rowCount, batchRowCount: batchSize } = job;
  const options = { batchSize, ...(names && { columns: names }) };
  const [rowGroupIndex, ...others] = rowGroupIndices;
  if (rowGroupIndex === undefined || others.length > 0) {
    for await (const { parquet, indices } of openWholeRowGroups(file, rowGroupIndices)) {
      yield* streamBatches(parquet, { ...options, rowGroups: [...indices] });
    }
    return;
  }
  const { parquet, indices } = await openRowGroup(file, rowGroupIndex, columnIndices);
  // Rows that cannot be skipped are decoded and left out.
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

async function* streamBatches(parquet: ParquetFile, options: ReaderOptions): AsyncGenerator<RecordBatch> {
  yield* (await parquet.stream(options)) as ReadableStream<RecordBatch>;
}

/** A filter also looks at columns that nobody wants to have. */
function withFiltered(columnIndices: readonly number[] | undefined, filter: BoundFilter | undefined) {
  if (columnIndices === undefined || filter === undefined) return columnIndices;
  return [...new Set([...columnIndices, ...filter.columnIndices])].sort((a, b) => a - b);
}

/** A batch without its first rows: itself where there are none to drop, undefined where there are no others. */
function dropRows(batch: RecordBatch, rowCount: number): RecordBatch | undefined {
  if (rowCount <= 0) return batch;
  return rowCount < batch.numRows ? batch.slice(rowCount, batch.numRows - rowCount) : undefined;
}

/** Which of the decoded rows and columns go into the result. */
interface OutputSelection {
  readonly conditions: readonly ResolvedCondition[] | undefined;
  /** Whether a column, by its declared field, is. */
  readonly isWanted: (field: Field) => boolean;
  /** The field that a column is declared as, by the one that is decoded. */
  readonly declaredOf: (field: Field) => Field;
}

/** Makes frames of decoded batches: of the rows and columns that are wanted. */
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

  /** Takes a batch, which is freed. */
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
    const { conditions } = this.#selection;
    if (conditions === undefined) return undefined;
    return selectRows(conditions, {
      rowCount,
      columnOf: ({ fields: [column] }) => columns.find(({ field }) => field === column)!,
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
    for (const slice of cutRecordBatch(columns.map(restoreViews), rowCount, { bodyBytesMax: batchBodyBytesMax })) {
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
