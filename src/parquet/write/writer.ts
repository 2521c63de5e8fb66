import { bodyByteLength, FlightError, type FlightFrame } from "../../flight/index.ts";
import {
  cutRecordBatch,
  decodeMessage,
  viewRecordBatch,
  type RecordBatchLayout,
  type Schema,
} from "../../arrow/index.ts";
import type { Scratch } from "../../storage/index.ts";
import { CurrentDictionaries, type DictionaryFrame, type DictionaryMessage } from "./current-dictionaries.ts";
import { FileAssembler, type WrittenFile } from "./file-assembler.ts";
import { divideColumns, type ColumnRange } from "./column-ranges.ts";
import { dividedGroupBytesMin, storedRowBytesMax } from "./limits.ts";
import { planCut } from "./plan-cut.ts";
import type { ParquetPool } from "../workers/pool.ts";
import { RowGroup, type RowGroupPart } from "./row-group.ts";
import { rowGroupBytesFor } from "./row-group-size.ts";
import type { StorableSchema } from "./storable.ts";
import { toDeclaredSchema, widenIndices } from "../format/stored-schema.ts";
import type { BudgetHolder, UploadBudget } from "./upload-budget.ts";

/** Options of a write. */
export interface WriteOptions {
  /** Cancels the write and its waiting jobs. */
  readonly signal: AbortSignal;
  /** Bytes for the footer that only this package reads: see `readFooterExtension`. */
  readonly extension?: Uint8Array | undefined;
  /**
   * The Arrow schema that the file declares, if it has dictionaries where the batches have plain values; by default that of
   * the batches.
   */
  readonly declared?: Schema | undefined;
}

/** What a row group needs besides its rows. */
interface HandedGroup {
  /** The Arrow bytes, with the dictionaries. */
  readonly byteLength: number;
  /** The ranges of columns of each job. */
  readonly shares: readonly (readonly ColumnRange[])[];
  readonly dictionaries: readonly DictionaryFrame[];
}

/** A number of values of a dictionary that is not counted: indices have 32 bits then. */
const uncountedValues = 2 ** 30;

/**
 * Writes one Parquet file with several workers. It collects batches until a row group is full, encodes several row
 * groups at the same time, and appends them in order.
 *
 * Calls of `write` and `finish` must not overlap. `abort` may be called at any time. After an error, only `abort` is
 * useful.
 */
export class ParquetWriter {
  readonly #storable: StorableSchema;
  readonly #schema: Schema;
  readonly #pool: ParquetPool;
  readonly #signal: AbortSignal;
  readonly #extension: Uint8Array | undefined;
  readonly #declared: Schema | undefined;
  readonly #dictionaries: CurrentDictionaries;
  readonly #assembler: FileAssembler;
  readonly #budget: UploadBudget;
  readonly #holder: BudgetHolder;
  readonly #groupBytesTarget: number;
  #group: RowGroup;
  /** The ranges of columns of all row groups, unless there is only one. */
  #ranges: readonly ColumnRange[] | undefined;
  /** Settles when all closed row groups were given to the workers. */
  #handedOn = Promise.resolve();
  #rowCount = 0n;

  /**
   * @param file - an empty file, which the caller commits or discards
   * @param storable - from `decodeStorableSchema`
   */
  constructor(
    pool: ParquetPool,
    file: Scratch,
    storable: StorableSchema,
    { signal, extension, declared }: WriteOptions,
  ) {
    this.#storable = storable;
    this.#schema = storable.schema;
    this.#pool = pool;
    this.#groupBytesTarget = rowGroupBytesFor(this.#schema.fields.length);
    this.#group = new RowGroup(this.#groupBytesTarget);
    this.#signal = signal;
    this.#extension = extension;
    this.#declared = declared;
    this.#dictionaries = new CurrentDictionaries(this.#schema);
    this.#assembler = new FileAssembler(pool, file, signal);
    this.#budget = pool.uploads;
    const flush = (): void => {
      if (!this.#group.isEmpty) this.#closeGroup().catch(() => {});
    };
    this.#holder = new Collected(() => this.#group.byteLength, flush);
  }

  /**
   * Takes a record batch or a dictionary batch. A frame with only application metadata is ignored. The promise settles
   * when there is room for the next frame. The frame's bytes are kept until their row group is full, and
   * released then.
   *
   * @throws FlightError INVALID_ARGUMENT if the frame does not fit the schema or cannot be encoded, UNIMPLEMENTED if
   * its body is compressed, RESOURCE_EXHAUSTED if dictionaries need too much memory, or a row is too large, UNAVAILABLE
   * if the pool was closed; the signal's reason; the file's error
   */
  async write(frame: FlightFrame): Promise<void> {
    this.#signal.throwIfAborted();
    const message = decodeMessage(frame.header);
    switch (message.kind) {
      case "none":
        return;
      case "schema":
        throw new FlightError("invalid_argument", "the stream has a second schema");
      case "dictionary_batch":
        await this.#writeDictionary(frame, message);
        break;
      case "record_batch":
        await this.#writeBatch(frame, message.layout);
    }
    await this.#budget.room(this.#signal);
  }

  /**
   * Writes the last row group and the footer. The file is not synced.
   *
   * @throws the errors of `write`; FlightError INTERNAL if the footer would state another number of rows than was
   * written
   */
  async finish(): Promise<WrittenFile> {
    if (!this.#group.isEmpty || this.#rowCount === 0n) await this.#closeGroup({ isLast: true });
    await this.#handedOn;
    const declared = toDeclaredSchema(this.#declared ?? this.#schema);
    const widened = widenIndices(declared, (id) =>
      this.#declared ? uncountedValues : this.#dictionaries.valueCountMax(id),
    );
    const written = await this.#assembler.finish(widened, this.#extension);
    this.#budget.close(this.#holder);
    if (written.rowCount !== this.#rowCount) {
      const counts = `${written.rowCount} rows are in the file, but ${this.#rowCount} were sent`;
      throw new FlightError("internal", counts);
    }
    return written;
  }

  /** Ends the write. When it settles, no operation uses the file any more. May be called again. */
  async abort(): Promise<void> {
    // Discards the collected rows.
    this.#group = new RowGroup(this.#groupBytesTarget);
    await this.#assembler.abort();
    await this.#handedOn.catch(() => {});
    this.#budget.close(this.#holder);
  }

  async #writeDictionary(frame: FlightFrame, message: DictionaryMessage): Promise<void> {
    // Each row group has one version of a dictionary: the indices of several would not fit into narrow index types.
    if (!this.#group.isEmpty && this.#dictionaries.replaces(frame, message)) await this.#closeGroup();
    this.#dictionaries.take(frame, message);
    this.#budget.keep(this.#holder, this.#dictionaries.byteLength);
  }

  async #writeBatch(frame: FlightFrame, layout: RecordBatchLayout): Promise<void> {
    const arrays = viewRecordBatch({ fields: this.#schema.fields, layout, body: frame.body });
    this.#dictionaries.assertComplete();
    const { rowCount } = layout;
    if (rowCount > 0 && arrays.length === 0) {
      throw new FlightError("invalid_argument", "Parquet cannot store rows without columns");
    }
    this.#rowCount += BigInt(rowCount);
    const byteLength = bodyByteLength(frame);
    const { growth, bounds } = planCut(arrays, {
      rowCount,
      byteLength,
      groupBytesTarget: this.#groupBytesTarget,
      workerCount: this.#pool.workerCount,
    });
    const { release } = frame;
    if (bounds === undefined) {
      const part = { rowStart: 0, rowCount, byteLength: Math.ceil(byteLength * growth) };
      return this.#collect({ arrays, ...part, frame, release });
    }
    let rowStart = 0;
    for (const slice of cutRecordBatch(arrays, rowCount, bounds)) {
      if (slice.bodyByteLength > storedRowBytesMax) {
        const message = `a row takes ${slice.bodyByteLength} bytes; the maximum is ${storedRowBytesMax}`;
        throw new FlightError("resource_exhausted", message);
      }
      const part = { rowStart, rowCount: slice.rowCount, byteLength: Math.ceil(slice.bodyByteLength * growth) };
      rowStart += slice.rowCount;
      await this.#collect({ arrays, ...part, ...(rowStart === rowCount && { release }) });
    }
  }

  async #collect(part: RowGroupPart): Promise<void> {
    if (!this.#group.hasRoomFor(part)) await this.#closeGroup();
    this.#group.add(part);
    this.#budget.add(this.#holder, part.byteLength);
  }

  /** Gives the group to the workers after the previous ones. The budget may also call this at any time. */
  #closeGroup({ isLast = false } = {}): Promise<void> {
    const group = this.#group;
    this.#group = new RowGroup(this.#groupBytesTarget);
    const dictionaries = this.#dictionaries.frames;
    const headBytes = this.#dictionaries.byteLength;
    this.#budget.add(this.#holder, headBytes);
    const byteLength = headBytes + group.byteLength;
    const shares = this.#divide(byteLength, isLast);
    this.#handedOn = this.#handedOn.then(() => this.#handOn(group, { byteLength, shares, dictionaries }));
    return this.#handedOn;
  }

  async #handOn(group: RowGroup, { byteLength, shares, dictionaries }: HandedGroup): Promise<void> {
    await this.#assembler.append({
      byteLength,
      rowCount: group.rowCount,
      shares: shares.map((ranges) => (allocate) => group.writeIpcStreams(ranges, dictionaries, allocate)),
      onWritten: this.#releaseLater(byteLength),
    });
    group.release();
  }

  /** Returns a function of its own scope, because a closure beside others keeps all that they use: the received frames. */
  #releaseLater(byteLength: number): () => void {
    return () => this.#budget.add(this.#holder, -byteLength);
  }

  /**
   * Returns the ranges of columns of each job. Idle workers share the only row group of a file. A busy one would not
   * start sooner, and two jobs take longer than one.
   */
  #divide(byteLength: number, isLast: boolean): readonly (readonly ColumnRange[])[] {
    const isOnly = isLast && this.#ranges === undefined && byteLength >= dividedGroupBytesMin;
    const shareCount = isOnly ? Math.max(1, this.#pool.idleWorkerCount) : 1;
    if (shareCount === 1) return [(this.#ranges ??= divideColumns(this.#storable))];
    const ranges = divideColumns(this.#storable, shareCount);
    const shareLength = Math.ceil(ranges.length / shareCount);
    return Array.from({ length: Math.ceil(ranges.length / shareLength) }, (_, i) =>
      ranges.slice(i * shareLength, (i + 1) * shareLength),
    );
  }
}

/** A writer's part of the budget. A class, because of the getter: see `createCallContext`. */
class Collected implements BudgetHolder {
  readonly flush: () => void;
  readonly #byteLength: () => number;

  constructor(byteLength: () => number, flush: () => void) {
    this.#byteLength = byteLength;
    this.flush = flush;
  }

  get collectedBytes(): number {
    return this.#byteLength();
  }
}
