import { Table, type RecordBatch, type Schema } from "apache-arrow";

/** The progress of a put or a get. */
export interface Progress {
  /** The number of rows transferred so far; 0 for a file, because the client does not decode its rows. */
  readonly rowCount: number;
  /** The number of bytes transferred so far, of Arrow data or of the file. */
  readonly byteLength: number;
  /** The total number of rows; undefined if it is not known. */
  readonly rowCountTotal?: number | undefined;
}

/** Starts to read a flight. `onSchema` is called with the schema before the first batch. */
export type StartReading = (onSchema: (schema: Schema) => void) => AsyncGenerator<RecordBatch, void, undefined>;

/**
 * The record batches of a flight. Each iteration starts a new call. An iteration that ends early cancels its call on the
 * server. Batches that were returned are not kept.
 */
export class RecordBatches implements AsyncIterable<RecordBatch> {
  readonly #start: StartReading;

  /** @param start - starts to read; called for each iteration */
  constructor(start: StartReading) {
    this.#start = start;
  }

  /** Starts to read, and returns the record batches as they arrive. */
  [Symbol.asyncIterator](): AsyncGenerator<RecordBatch, void, undefined> {
    return this.#start(() => {});
  }

  /** Reads all batches into a table. A dataset without rows gives a table with its columns. */
  async table(): Promise<Table> {
    let schema: Schema | undefined;
    const batches: RecordBatch[] = [];
    for await (const batch of this.#start((each) => (schema ??= each))) batches.push(batch);
    return schema ? new Table(schema, batches) : new Table(batches);
  }
}
