import { FlightError, LinkedAbort, type FlightFrame } from "../flight/index.ts";
import { messageKind } from "../arrow/index.ts";
import type { FlightDescriptor } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { AcknowledgementQueue, type Acknowledgement } from "./acknowledgement-queue.ts";
import type { CallContext } from "./call-context.ts";
import { assertNoFlightSql } from "./flight-sql.ts";
import { acknowledgementBytesMax } from "./limits.ts";
import { untilAborted } from "./until-aborted.ts";

/** A DoPut whose first messages have been read and checked. */
export interface IncomingPut {
  /** The descriptor of the put. */
  readonly descriptor: FlightDescriptor;
  /** The flatbuffer `Message` of the schema, without length prefix. */
  readonly schemaHeader: Uint8Array;
  /** The record batches and dictionary batches that follow. They can be read once. */
  readonly batches: AsyncIterable<FlightFrame>;
}

/** A constant, because every put ends with it, and a normal end needs no stack trace. */
const answerLeft = new FlightError("cancelled", "the answer was left before the put ended");

/**
 * Runs a DoPut: passes the checked request to `receive`, and returns the acknowledgements for the client.
 *
 * The application metadata of a record batch, or of a frame with nothing else, is echoed as soon as the frame has arrived.
 * The echo means "received". Only the success of the call means "stored". Metadata of a schema or a dictionary is not
 * echoed: the Go client repeats the metadata of a batch there, and waits for one echo.
 *
 * A client that does not read its acknowledgements does not slow the put down. If it leaves more than
 * `acknowledgementBytesMax` bytes unread, the put fails with RESOURCE_EXHAUSTED.
 *
 * The first frame must have the descriptor. Frames with only application metadata are allowed anywhere. A batch before
 * the schema, or a second schema, fails with INVALID_ARGUMENT. A command of Flight SQL fails with UNIMPLEMENTED.
 *
 * If the caller stops reading early, the signal aborts and `batches` throws. The generator ends after `receive` has
 * ended, so that everything that `receive` holds is released by then.
 *
 * @param receive - stores the data; the put succeeds when its promise resolves. It may return application metadata, which
 * the client gets last.
 */
export async function* receivePut(
  context: CallContext,
  frames: AsyncIterable<FlightFrame>,
  receive: (put: IncomingPut, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer> | undefined | void>,
): AsyncGenerator<Acknowledgement, void, undefined> {
  const left = new LinkedAbort(context.signal);
  const { signal } = left;
  const queue = new AcknowledgementQueue(acknowledgementBytesMax);
  const incoming = acknowledged(untilAborted(frames, signal), queue);
  const received = openPut(incoming)
    .then((put) => receive(put, signal))
    .finally(() => incoming.return())
    .then(
      (last) => queue.end(last ?? undefined),
      (reason: unknown) => queue.fail(reason),
    );
  try {
    yield* queue.drain();
  } finally {
    left.abort(answerLeft);
    await received;
  }
}

async function* acknowledged(
  frames: AsyncIterable<FlightFrame>,
  queue: AcknowledgementQueue,
): AsyncGenerator<FlightFrame, void, undefined> {
  for await (const frame of frames) {
    if (frame.appMetadata.byteLength > 0 && isAcknowledged(frame)) queue.push(frame.appMetadata);
    yield frame;
  }
}

function isAcknowledged({ header }: FlightFrame): boolean {
  const kind = messageKind(header);
  return kind === "record_batch" || kind === "none";
}

async function openPut(frames: AsyncGenerator<FlightFrame, void, undefined>): Promise<IncomingPut> {
  const first = await frames.next();
  if (first.done || first.value.descriptor === undefined) {
    throw new FlightError("invalid_argument", "the first message of a put has no descriptor");
  }
  const { descriptor } = first.value;
  // An update of Flight SQL has no schema to wait for.
  assertNoFlightSql(descriptor.cmd);
  let frame: FlightFrame = first.value;
  for (let kind = messageKind(frame.header); kind !== "schema"; kind = messageKind(frame.header)) {
    if (kind !== "none") throw new FlightError("invalid_argument", "a put has a batch before its schema");
    const next = await frames.next();
    if (next.done) throw new FlightError("invalid_argument", "the put ended before its schema");
    frame = next.value;
  }
  return { descriptor, schemaHeader: frame.header, batches: batchesOf(frames) };
}

async function* batchesOf(frames: AsyncIterable<FlightFrame>): AsyncGenerator<FlightFrame, void, undefined> {
  for await (const frame of frames) {
    const kind = messageKind(frame.header);
    if (kind === "schema") throw new FlightError("invalid_argument", "a put has a second schema");
    if (kind !== "none") yield frame;
  }
}
