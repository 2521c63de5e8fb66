import { Table, type RecordBatch, type Schema } from "apache-arrow";

/** How far a put or a get has come. */
export interface Progress {
  /** Rows that have been passed on; 0 for a file, whose rows are not looked at here. */
  readonly rowCount: number;
  /** Bytes of Arrow data, or of the file, that have been passed on. */
  readonly byteLength: number;
  /** Rows in all; undefined where that is not known. */
  readonly rowCountTotal?: number | undefined;
}

/** Starts to read; `onSchema` gets the schema before the first batch. */
export type StartReading = (onSchema: (schema: Schema) => void) => AsyncGenerator<RecordBatch, void, undefined>;

/**
 * The record batches of a flight. Each iteration reads the flight anew; a batch that has been passed is held by
 * nobody else, and leaving an iteration cancels its call on the server.
 */
export class RecordBatches implements AsyncIterable<RecordBatch> {
  readonly #start: StartReading;

  constructor(start: StartReading) {
    this.#start = start;
  }

  [Symbol.asyncIterator](): AsyncGenerator<RecordBatch, void, undefined> {
    return this.#start(() => {});
  }

  /** Reads all batches into a table; without batches, it has the columns nevertheless. */
  async table(): Promise<Table> {
    let schema: Schema | undefined;
    const batches: RecordBatch[] = [];
    for await (const batch of this.#start((each) => (schema ??= each))) batches.push(batch);
    return schema ? new Table(schema, batches) : new Table(batches);
  }
}
