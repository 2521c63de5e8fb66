import { encodeSchema, encodeSchemaMessage, type Schema } from "../../arrow/index.ts";
import { FlightError, joinPieces } from "../../flight/index.ts";
import type { Scratch } from "../../storage/index.ts";
import type { ColumnEncodings } from "../format/column-encodings.ts";
import {
  decodeFooter,
  describeColumns,
  encodeFileEnd,
  magic,
  placeRowGroup,
  type PlacedRowGroup,
} from "../format/footer.ts";
import { encodingBytesMax, rowGroupsAhead } from "../limits.ts";
import type { ParquetPool } from "../workers/pool.ts";
import type { Allocate } from "./stream-buffers.ts";
import type { ThriftStruct } from "../format/thrift.ts";
import { JobFailure } from "../workers/worker-thread.ts";

/** A row group on its way into a file. */
export interface AppendedRowGroup {
  /** About what its IPC stream takes, in bytes. */
  readonly byteLength: number;
  readonly rowCount: number;
  /** Makes its IPC stream in memory that it asks for, not before there is room. */
  readonly writeIpcStream: (allocate: Allocate) => Uint8Array<ArrayBuffer>;
  /** Told when it is in the file, and its memory free. */
  readonly onWritten: () => void;
}

/**
 * Has row groups encoded, several at the same time, and puts them into one file in their order.
 *
 * Pages are written as they come; page indexes and the footer's structures, about a hundredth of them, stay in
 * memory until the end.
 */
export class FileAssembler {
  readonly #pool: ParquetPool;
  readonly #file: Scratch;
  readonly #leaving = new AbortController();
  readonly #signal: AbortSignal;
  /** The row groups that are in the file, without their pages. */
  readonly #rowGroups: Omit<PlacedRowGroup, "pages">[] = [];
  /** What settles when each row group is in the file: those that are not yet. */
  readonly #pending: Promise<void>[] = [];
  #pendingBytes = 0;
  /** Rows of the row groups that were handed to the workers. */
  #appendedRowCount = 0;
  /** Whatever uses the file or a worker by now. */
  readonly #running = new Set<Promise<unknown>>();
  #template: ThriftStruct | undefined;
  #encodings: ColumnEncodings | undefined;
  #byteLength = 0;
  #rowCount = 0n;

  constructor(pool: ParquetPool, file: Scratch, signal: AbortSignal) {
    this.#pool = pool;
    this.#file = file;
    this.#signal = AbortSignal.any([signal, this.#leaving.signal]);
  }

  /** Hands a row group to the workers once there is room for one more. Not to be called before the last call has settled. */
  async append({ byteLength, rowCount, writeIpcStream, onWritten }: AppendedRowGroup): Promise<void> {
    while (!this.#hasRoomFor(byteLength)) await this.#awaitFirst();
    this.#signal.throwIfAborted();
    const before = this.#pending.at(-1) ?? Promise.resolve();
    const stream = writeIpcStream((byteLength) => this.#pool.streamBuffers.take(byteLength));
    const encoded = this.#track(this.#encode(stream, this.#appendedRowCount));
    this.#appendedRowCount += rowCount;
    const written = this.#track(Promise.all([encoded, before]).then(([file]) => this.#track(this.#place(file))));
    this.#pendingBytes += byteLength;
    this.#pending.push(this.#track(written.then(() => this.#letGo(byteLength)).then(onWritten)));
  }

  /**
   * Writes the footer, when all row groups are in the file.
   *
   * @param schema - the Arrow schema that the file says it has
   */
  async finish(schema: Schema): Promise<{ rowCount: bigint; byteLength: bigint }> {
    while (this.#pending.length > 0) await this.#awaitFirst();
    this.#signal.throwIfAborted();
    if (this.#template === undefined) throw new FlightError("internal", "a file is finished without a schema");
    const message = encodeSchemaMessage(encodeSchema(schema));
    const template = describeColumns(this.#template, { message, metadata: schema.metadata });
    const end = encodeFileEnd({ template, rowGroups: this.#rowGroups, byteOffset: this.#byteLength });
    await this.#track(this.#write(joinPieces(end)));
    return { rowCount: this.#rowCount, byteLength: BigInt(this.#byteLength) };
  }

  /** Takes back what waits, and waits for what runs. */
  async abort(): Promise<void> {
    this.#leaving.abort();
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /** One row group is always taken, however large its dictionaries make it. */
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

  async #encode(stream: Uint8Array<ArrayBuffer>, rowStart: number): Promise<Uint8Array<ArrayBuffer>> {
    const encodings = this.#encodings;
    try {
      const result = await this.#pool.run(
        { kind: "encode", stream, rowStart, ...(encodings && { encodings }) },
        { stream: this, transfer: [stream.buffer], signal: this.#signal },
      );
      this.#encodings ??= result.encodings;
      this.#pool.streamBuffers.giveBack(result.buffer);
      return result.file;
    } catch (reason) {
      throw toWriteError(reason);
    }
  }

  async #place(file: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#signal.throwIfAborted();
    if (this.#template === undefined) {
      this.#template = decodeFooter(file);
      await this.#write(magic);
    }
    const placed = placeRowGroup(file, { byteOffset: this.#byteLength, index: this.#rowGroups.length });
    if (placed === undefined) return;
    const { pages, ...rowGroup } = placed;
    await this.#write(pages);
    // Its memory is free at once, not when the garbage collector next looks.
    file.buffer.transfer(0);
    this.#rowGroups.push(rowGroup);
    this.#rowCount += BigInt(placed.rowCount);
  }

  /** Writes behind what was written. */
  async #write(bytes: Uint8Array): Promise<void> {
    await this.#file.append(bytes);
    this.#byteLength += bytes.byteLength;
  }

  /** Notes what is running. Its error reaches whoever awaits it, and does not end the process where nobody does. */
  #track<T>(running: Promise<T>): Promise<T> {
    this.#running.add(running);
    const forget = (): void => void this.#running.delete(running);
    running.then(forget, forget);
    return running;
  }
}

/** Says why batches could not be stored; what is no failure of a job stays as it is. */
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
