import { acknowledgementBytesMax, FlightError, type FlightFrame } from "../flight/index.ts";
import { messageKind } from "../arrow/index.ts";
import type { FlightDescriptor } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { AcknowledgementQueue, type Acknowledgement } from "./acknowledgement-queue.ts";
import type { CallContext } from "./call-context.ts";
import { assertNoFlightSql } from "./flight-sql.ts";
import { untilAborted } from "./until-aborted.ts";

/** A DoPut whose beginning has been read and checked. */
export interface IncomingPut {
  /** What is put. */
  readonly descriptor: FlightDescriptor;
  /** The flatbuffer `Message` of the schema, without length prefix. */
  readonly schemaHeader: Uint8Array;
  /** The record batches and dictionary batches that follow, to be read once. */
  readonly batches: AsyncIterable<FlightFrame>;
}

/**
 * Runs a DoPut: hands the checked request to `receive`, and gives the acknowledgements to answer with.
 *
 * The non-empty app_metadata of a record batch, or of a frame that has nothing else, is echoed in a PutResult as
 * soon as the frame has come: it says "received", not "stored"; that the data is stored is what the call's OK says.
 * What stands on a schema or a dictionary is not echoed: the Go client repeats a batch's there, and waits for one
 * echo of it. Receiving never waits for the client to read them, so one that reads none is not held up; what it
 * leaves unread is bounded by `acknowledgementBytesMax`, and past it the put ends with RESOURCE_EXHAUSTED.
 *
 * The first frame must have the descriptor. Frames of application metadata alone are legal anywhere; a batch
 * before the schema or a second schema is INVALID_ARGUMENT, a command of Flight SQL UNIMPLEMENTED.
 *
 * When the answer is left early, the signal is aborted, `batches` throws, and the generator ends after
 * `receive` has: what `receive` holds is released by then.
 */
export async function* receivePut(
  context: CallContext,
  frames: AsyncIterable<FlightFrame>,
  receive: (put: IncomingPut, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<Acknowledgement, void, undefined> {
  const left = new AbortController();
  const signal = AbortSignal.any([context.signal, left.signal]);
  const queue = new AcknowledgementQueue(acknowledgementBytesMax);
  const incoming = acknowledged(untilAborted(frames, signal), queue);
  const received = openPut(incoming)
    .then((put) => receive(put, signal))
    .finally(() => incoming.return())
    .then(
      () => queue.end(),
      (reason: unknown) => queue.fail(reason),
    );
  try {
    yield* queue.drain();
  } finally {
    left.abort(new FlightError("cancelled", "the answer was left before the put ended"));
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
