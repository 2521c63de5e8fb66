import { AsyncByteQueue, RecordBatchStreamWriter, util, type RecordBatch, type Schema } from "apache-arrow";
import { FlightError } from "../flight/index.ts";
import { adoptBatch, adoptSchema } from "./adopt-batch.ts";

/** Stores the written chunks until they are read. */
class ChunkSink extends AsyncByteQueue {
  #chunks: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  take(): Uint8Array[] {
    const taken = this.#chunks;
    this.#chunks = [];
    return taken;
  }
}

/**
 * Encodes record batches as the chunks of one IPC stream, one batch at a time. The chunks are views of the batches'
 * memory if apache-arrow needs no copy.
 *
 * @param schema - the schema of all batches; by default, the schema of the first batch
 * @throws FlightError INVALID_ARGUMENT if an item is not a record batch or has another schema than the first, or if
 * there is neither a batch nor a schema
 */
export async function* encodeBatches(
  batches: AsyncIterable<RecordBatch> | Iterable<RecordBatch>,
  schema?: Schema,
): AsyncGenerator<Uint8Array, void, undefined> {
  const sink = new ChunkSink();
  const writer = new RecordBatchStreamWriter();
  let expected = schema && adoptSchema(schema);
  if (expected) writer.reset(sink, expected);
  yield* sink.take();
  for await (const given of batches) {
    assertBatch(given);
    const batch = adoptBatch(given);
    if (expected === undefined) writer.reset(sink, (expected = batch.schema));
    // The writer itself would end the stream here, and the stream would look complete.
    if (!util.compareSchemas(expected, batch.schema)) {
      const [first, other] = [expected, batch.schema].map((each) => each.fields.join(", "));
      throw new FlightError("invalid_argument", `a batch has the columns ${other}; the first one has ${first}`);
    }
    writer.write(batch);
    yield* sink.take();
  }
  if (expected === undefined) {
    throw new FlightError("invalid_argument", "there is no batch and so no schema; put a Table without rows instead");
  }
}

function assertBatch(batch: unknown): asserts batch is RecordBatch {
  const isBatch = typeof batch === "object" && batch !== null && "schema" in batch && "data" in batch;
  if (isBatch && !("batches" in batch)) return;
  throw notArrowData();
}

/** The error for data that is no Arrow data, such as an array of objects. */
export function notArrowData(): FlightError {
  return new FlightError(
    "invalid_argument",
    "the data is neither Arrow data nor IPC bytes; tableFromArrays and tableFromJSON of apache-arrow make tables",
  );
}
