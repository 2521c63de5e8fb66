import { encodeSchema, encodeSchemaMessage, type Schema } from "../../arrow/index.ts";
import { FlightError, joinPieces, LinkedAbort, type Allocate } from "../../flight/index.ts";
import type { Scratch } from "../../storage/index.ts";
import type { ColumnEncodings } from "../format/column-encodings.ts";
import { describeColumns, encodeFileEnd, extendFooter, magic, schemaDigest } from "../format/footer.ts";
import { joinSchemas } from "../format/join-schemas.ts";
import { joinRowGroups, placeRowGroup, type PlacedRowGroup } from "../format/place-row-group.ts";
import type { RowGroupFacts } from "../read/parquet-facts.ts";
import { rowGroupsAhead } from "../limits.ts";
import { encodingBytesMax } from "./limits.ts";
import type { ParquetPool } from "../workers/pool.ts";
import type { ThriftStruct } from "../format/thrift.ts";
import type { EncodedRowGroup, EncodeJob } from "../workers/worker-protocol.ts";
import { JobFailure } from "../workers/worker-thread.ts";

/** A constant, because the normal end of a write needs no stack trace. */
const writeEnded = new FlightError("cancelled", "the write was aborted, or has ended");

/** What is known of a written file without reading it. */
export interface WrittenFile {
  readonly rowCount: bigint;
  readonly byteLength: bigint;
  /** Files of this process with the same digest have the same schema. */
  readonly schemaDigest: string;
  readonly rowGroups: readonly RowGroupFacts[];
}

/** A row group that will be appended to a file. */
export interface AppendedRowGroup {
  /** The approximate length of its IPC stream in bytes. */
  readonly byteLength: number;
  readonly rowCount: number;
  /**
   * Each share is encoded by another worker. The functions write the IPC streams of its ranges of columns into
   * allocated memory. They are called when there is room.
   */
  readonly shares: readonly ((allocate: Allocate) => readonly Uint8Array<ArrayBuffer>[])[];
  /** Called when the row group is in the file and its memory is free. */
  readonly onWritten: () => void;
}

/**
 * Encodes several row groups at the same time and appends them to one file in order.
 *
 * Pages are written immediately. Page indexes and footer structures, about 1% of that size, stay in memory until the
 * end.
 */
export class FileAssembler {
  readonly #pool: ParquetPool;
  readonly #file: Scratch;
  readonly #leaving: LinkedAbort;
  readonly #signal: AbortSignal;
  /** The row groups in the file, without their pages. */
  readonly #rowGroups: PlacedRowGroup[] = [];
  /** The row groups that are not in the file yet: each promise settles when one is. */
  readonly #pending: Promise<void>[] = [];
  #pendingBytes = 0;
  /** Whether a row group was given to the workers. */
  #isBegun = false;
  /** The number of rows that were given to the workers. */
  #appendedRowCount = 0;
  /** The running operations that use the file or a worker. */
  readonly #running = new Set<Promise<unknown>>();
  #template: ThriftStruct | undefined;
  /** The encodings of each range of columns. */
  #encodings: readonly ColumnEncodings[] | undefined;
  #byteLength = 0;
  #rowCount = 0n;

  constructor(pool: ParquetPool, file: Scratch, signal: AbortSignal) {
    this.#pool = pool;
    this.#file = file;
    this.#leaving = new LinkedAbort(signal);
    this.#signal = this.#leaving.signal;
  }

  /** Gives a row group to the workers when there is room. Calls must not overlap. */
  async append({ byteLength, rowCount, shares, onWritten }: AppendedRowGroup): Promise<void> {
    while (!this.#hasRoomFor(byteLength)) await this.#awaitFirst();
    this.#signal.throwIfAborted();
    const before = this.#pending.at(-1) ?? Promise.resolve();
    const rowStart = this.#appendedRowCount;
    const encoded = shares.map((writeIpcStreams) => {
      const streams = writeIpcStreams((byteLength) => this.#pool.streamBuffers.take(byteLength));
      return this.#track(this.#encode({ kind: "encode", streams, rowStart, isFirst: !this.#isBegun }));
    });
    this.#isBegun = true;
    this.#appendedRowCount += rowCount;
    const all = this.#track(Promise.all(encoded));
    const written = this.#track(Promise.all([all, before]).then(([parts]) => this.#track(this.#place(parts))));
    this.#pendingBytes += byteLength;
    this.#pending.push(this.#track(written.then(() => this.#letGo(byteLength)).then(onWritten)));
  }

  /**
   * Writes the footer after all row groups are in the file.
   *
   * @param schema - the Arrow schema that the file declares
   * @param extension - see `WriteOptions`
   */
  async finish(schema: Schema, extension?: Uint8Array): Promise<WrittenFile> {
    while (this.#pending.length > 0) await this.#awaitFirst();
    this.#signal.throwIfAborted();
    if (this.#template === undefined) throw new FlightError("internal", "a file is finished without a schema");
    const message = toMessage(schema);
    const template = describeColumns(this.#template, { message, metadata: schema.metadata });
    const extended = extension ? extendFooter(template, extension) : template;
    const end = encodeFileEnd({ template: extended, rowGroups: this.#rowGroups, byteOffset: this.#byteLength });
    await this.#track(this.#write(joinPieces(end)));
    this.#leaving.abort(writeEnded);
    return {
      rowCount: this.#rowCount,
      byteLength: BigInt(this.#byteLength),
      schemaDigest: schemaDigest(template),
      rowGroups: this.#rowGroups.map(({ rowCount, byteLength }) => ({ rowCount, byteLength })),
    };
  }

  /** Cancels the waiting jobs and waits for the running ones. */
  async abort(): Promise<void> {
    this.#leaving.abort(writeEnded);
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /**
   * Returns whether there is room for a row group. A single row group may have any size, because its dictionaries may
   * be large.
   */
  #hasRoomFor(byteLength: number): boolean {
    if (this.#pending.length === 0) return true;
    if (this.#pending.length >= this.#pool.workerCount + rowGroupsAhead) return false;
    return this.#pendingBytes + byteLength <= encodingBytesMax;
  }

  #letGo(byteLength: number): void {
    this.#pendingBytes -= byteLength;
  }

  async #awaitFirst(): Promise<void> {
    await this.#pending[0];
    void this.#pending.shift();
  }

  async #encode(job: EncodeJob): Promise<EncodedRowGroup> {
    const encodings = this.#encodings;
    const { buffer } = job.streams[0]!;
    try {
      const result = await this.#pool.run(
        { ...job, ...(encodings && { encodings }) },
        { stream: this, transfer: [buffer], signal: this.#signal },
      );
      this.#encodings ??= result.encodings;
      this.#pool.streamBuffers.giveBack(result.buffer);
      return result;
    } catch (reason) {
      throw toWriteError(reason);
    }
  }

  /** Appends a row group. @param parts - its shares, in the order of the columns */
  async #place(parts: readonly EncodedRowGroup[]): Promise<void> {
    this.#signal.throwIfAborted();
    if (this.#template === undefined) {
      this.#template = joinSchemas(parts.flatMap(({ footer }) => footer ?? []));
      await this.#write(magic);
    }
    const groups = parts.flatMap(({ rowGroup }) => rowGroup ?? []);
    if (groups.length === 0) return;
    const index = this.#rowGroups.length;
    const placed = [];
    for (const { placed: group, pages } of groups) {
      placed.push(placeRowGroup(group, { byteOffset: this.#byteLength, index }));
      await this.#write(pages);
      // Frees the memory now, before the garbage collector would.
      pages.buffer.transfer(0);
    }
    const joined = joinRowGroups(placed);
    this.#rowGroups.push(joined);
    this.#rowCount += BigInt(joined.rowCount);
  }

  /** Appends bytes to the file. */
  async #write(bytes: Uint8Array): Promise<void> {
    await this.#file.append(bytes);
    this.#byteLength += bytes.byteLength;
  }

  /**
   * Records a running operation. Its error goes to the code that awaits it; an unawaited error does not end the
   * process.
   */
  #track<T>(running: Promise<T>): Promise<T> {
    this.#running.add(running);
    const forget = (): void => void this.#running.delete(running);
    running.then(forget, forget);
    return running;
  }
}

/** The encoded schemas of schemas that are kept for the next put. */
const messages = new WeakMap<Schema, Uint8Array>();

function toMessage(schema: Schema): Uint8Array {
  const known = messages.get(schema) ?? encodeSchemaMessage(encodeSchema(schema));
  messages.set(schema, known);
  return known;
}

/** Translates the failure of a write job. Other errors are returned unchanged. */
export function toWriteError(reason: unknown): unknown {
  if (!(reason instanceof JobFailure)) return reason;
  switch (reason.reason) {
    case "refused":
    case "unsupported":
      return new FlightError("invalid_argument", `the record batches cannot be stored: ${reason.message}`, {
        cause: reason,
      });
    case "trapped":
      return new FlightError("invalid_argument", "the record batches cannot be stored: they are not valid Arrow data", {
        cause: reason,
      });
    case "exhausted":
      return new FlightError("resource_exhausted", `the record batches cannot be stored: ${reason.message}`, {
        cause: reason,
      });
    case "timeout":
      return new FlightError("deadline_exceeded", "encoding a row group exceeded the server's time limit", {
        cause: reason,
      });
    case "disk":
    case "closed":
      return new FlightError("unavailable", "the server is shutting down", { cause: reason });
  }
}
