import type { RecordBatch } from "parquet-wasm";
import { resolveFilter, type BoundFilter, type ResolvedExpression } from "../../filter/index.ts";
import {
  batchHeaderBytesMax,
  cutRecordBatch,
  RecordBatchSlice,
  takeRows,
  type ArrayView,
  type Field,
} from "../../arrow/index.ts";
import { messageBytesMax, type FlightFrame } from "../../flight/index.ts";
import { batchBodyBytesMin, batchMessageBytesMax, costlyRatioMin } from "./limits.ts";
import { DictionaryTracker } from "../write/dictionary-tracker.ts";
import { BatchViewer, findDecodedFields, selectDecoded, type DecodedFields } from "./decoded-fields.ts";
import type { ExportedBatch } from "./exported-batch.ts";
import { canSkip, openBatches, type Decoding } from "./open-batches.ts";
import { restoreViews } from "./restore-views.ts";
import { rowGroupByteLength } from "../format/row-group-byte-length.ts";
import { wantedColumns } from "./wanted-columns.ts";
import { bytesRead, openRowGroup } from "../workers/worker-files.ts";
import { reserveMemory } from "../workers/reserve-memory.ts";
import { ExhaustedError, type DecodedSlice, type DecodeJob } from "../workers/worker-protocol.ts";

/**
 * Runs a decode job. Returns the rows as record batches of about 2 MiB. A dictionary precedes a batch if the batch
 * needs it and it differs from the previous one.
 *
 * @throws Error if the rows cannot be decoded; ExhaustedError if a row exceeds the maximum size of a message
 */
export async function decodeSlice(job: DecodeJob): Promise<DecodedSlice> {
  const { columnIndices, filter } = job;
  const decoded = withFiltered(columnIndices, filter);
  const fields = findDecodedFields(job, decoded);
  const { declared, projection } = fields;
  const isWanted = columnIndices && new Set(columnIndices.map((columnIndex) => declared[columnIndex]));
  const encoder = new BatchEncoder(fields, {
    filter: filter && resolveFilter(filter, declared),
    isWanted: (field) => isWanted?.has(field) ?? true,
    rowCountMax: job.batchRowCount,
  });
  reserveMemory({ byteLength: job.expectedBytes ?? 0, columnCount: projection.fields.length });
  let rowCount = 0;
  const decoding = { names: projection.names, columnIndices: decoded, skips: canSkip(job, wantedColumns(job)) };
  for await (const batch of openBatches(job, decoding)) {
    rowCount += batch.numRows;
    encoder.add(batch);
  }
  if (rowCount !== job.rowCount) throw new Error(`${rowCount} rows were decoded; ${job.rowCount} were expected`);
  const { frames, byteLength } = encoder;
  return { frames, byteLength, isCostly: await isCostly(job, byteLength, decoding) };
}

/** Returns the size at which bodies of batches of these columns are cut. */
function bodyBytesMaxOf(columns: readonly ArrayView[]): number {
  return Math.max(batchMessageBytesMax - batchHeaderBytesMax(columns), batchBodyBytesMin);
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

/** Adds the columns of the filter to the requested columns. */
function withFiltered(columnIndices: readonly number[] | undefined, filter: BoundFilter | undefined) {
  if (columnIndices === undefined || filter === undefined) return columnIndices;
  return [...new Set([...columnIndices, ...filter.columnIndices])].sort((a, b) => a - b);
}

/** The decoded rows and columns that go into the result. */
interface OutputSelection {
  readonly filter: ResolvedExpression | undefined;
  /** Whether the result includes a column, given its declared field. */
  readonly isWanted: (field: Field) => boolean;
  /** The maximum number of rows of a batch. */
  readonly rowCountMax: number;
}

/** Encodes the requested rows and columns of decoded batches as frames. */
class BatchEncoder {
  readonly frames: FlightFrame[] = [];
  byteLength = 0;
  readonly #viewer: BatchViewer;
  readonly #selection: OutputSelection;
  readonly #dictionaries = new DictionaryTracker();

  constructor(fields: DecodedFields, selection: OutputSelection) {
    this.#viewer = new BatchViewer(fields);
    this.#selection = selection;
  }

  /** Encodes a batch and frees it. */
  add(batch: RecordBatch): void {
    const rowCount = batch.numRows;
    this.#viewer.view(batch, (decoded) => this.#select(decoded, rowCount));
  }

  #select(decoded: ExportedBatch, rowCount: number): void {
    const { filter, isWanted } = this.#selection;
    this.byteLength += new RecordBatchSlice(decoded.columns, { rowStart: 0, rowCount }).bodyByteLength;
    const columns = decoded.columns.filter(({ field }) => isWanted(field));
    const rows = filter && selectDecoded(filter, decoded, rowCount);
    if (rows === undefined) return this.#encode(columns, rowCount, decoded);
    if (rows.length === 0) return;
    this.#encode(
      columns.map((column) => takeRows(column, rows)),
      rows.length,
      decoded,
    );
  }

  #encode(columns: readonly ArrayView[], rowCount: number, { dictionaryValues }: ExportedBatch): void {
    const dictionaryIds = new Set(columns.flatMap(({ field }) => dictionaryIdsOf(field)));
    for (const [dictionaryId, values] of dictionaryValues) {
      if (!dictionaryIds.has(dictionaryId)) continue;
      const range = { rowStart: 0, rowCount: values.length, dictionaryId };
      const frame = toSentFrame(new RecordBatchSlice([restoreViews(values)], range), "a dictionary");
      if (this.#dictionaries.replace(dictionaryId, frame)) this.frames.push(frame);
    }
    const restored = columns.map(restoreViews);
    const bounds = { bodyBytesMax: bodyBytesMaxOf(restored), rowCountMax: this.#selection.rowCountMax };
    for (const slice of cutRecordBatch(restored, rowCount, bounds)) {
      this.frames.push(toSentFrame(slice, "a row"));
    }
  }
}

function dictionaryIdsOf({ dictionary, children }: Field): bigint[] {
  return [...(dictionary ? [dictionary.id] : []), ...children.flatMap(dictionaryIdsOf)];
}

function toSentFrame(slice: RecordBatchSlice, what: string): FlightFrame {
  const { bodyByteLength } = slice;
  // Every byte of the body is written, so it need not be filled with zeros first.
  if (bodyByteLength <= messageBytesMax) return slice.toFrame(Buffer.allocUnsafeSlow);
  throw new ExhaustedError(`${what} takes ${bodyByteLength} bytes; the maximum of a message is ${messageBytesMax}`);
}
