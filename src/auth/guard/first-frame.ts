import { fromBinary } from "@bufbuild/protobuf";
import {
  ByteReader,
  controlMessageBytesMax,
  FlightError,
  joinPieces,
  type FlightFrame,
  type WireMessage,
} from "../../flight/index.ts";
import { FlightDataSchema, type FlightDescriptor } from "../../gen/arrow/flight/protocol/flight_pb.ts";

/** The first message of a stream, which can still be read, and its descriptor. */
export interface OpenedFrame<Frame> {
  readonly frame: Frame;
  /** Undefined if there is none, or if the message is too large to decode. */
  readonly descriptor: FlightDescriptor | undefined;
}

/** Decodes the descriptor of a stream's first message. */
export type OpenFrame<Frame> = (frame: Frame) => Promise<OpenedFrame<Frame>>;

/** Decodes the descriptor for producers of frames. */
export const openFlightFrame: OpenFrame<FlightFrame> = async (frame) => ({ frame, descriptor: frame.descriptor });

/**
 * Decodes the descriptor for relays, whose messages are bytes. It reads a first message of ordinary size into memory.
 */
export const openWireMessage: OpenFrame<WireMessage> = async (message) => {
  const { byteLength } = message;
  if (byteLength > controlMessageBytesMax) return { frame: message, descriptor: undefined };
  const pieces: Uint8Array[] = [];
  for await (const chunk of message.chunks) pieces.push(chunk);
  return { frame: { byteLength, chunks: chunksOf(pieces) }, descriptor: readDescriptor(joinPieces(pieces)) };
};

/** Bytes of a stream of messages that can still be read as a whole, and the descriptor in the first message. */
export interface OpenedBytes {
  /** Undefined if there is none, or if the message is too large to decode. */
  readonly descriptor: FlightDescriptor | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
}

const envelopeByteLength = 5;

/**
 * Decodes the descriptor in a stream of bytes for relays. It reads a first message of ordinary size into memory.
 *
 * @throws FlightError INVALID_ARGUMENT
 */
export async function openBytes(bytes: AsyncIterable<Uint8Array>): Promise<OpenedBytes> {
  const reader = new ByteReader(bytes);
  if (!(await reader.hasMore())) return { descriptor: undefined, bytes };
  const read = [await reader.read(envelopeByteLength)];
  const byteLength = new DataView(read[0]!.buffer).getUint32(1);
  const isOrdinary = byteLength <= controlMessageBytesMax;
  if (isOrdinary) read.push(await reader.read(byteLength));
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* read;
      while (await reader.hasMore()) yield await reader.next(Infinity);
    } finally {
      await reader.cancel();
    }
  };
  return { descriptor: isOrdinary ? readDescriptor(read[1]!) : undefined, bytes: whole() };
}

/** Decodes the descriptor of a message. @throws FlightError INVALID_ARGUMENT */
function readDescriptor(message: Uint8Array): FlightDescriptor | undefined {
  try {
    return fromBinary(FlightDataSchema, message).flightDescriptor;
  } catch (reason) {
    throw new FlightError("invalid_argument", "the first message is not FlightData", { cause: reason });
  }
}

async function* chunksOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

/** A stream whose first message was read. */
export interface OpenedStream<Frame> {
  /** Undefined if the stream is empty. */
  readonly first: OpenedFrame<Frame> | undefined;
  /** The whole stream. If a message is given, it replaces the first one. The stream can be read once. */
  all(first?: Frame): AsyncGenerator<Frame, void, undefined>;
  /** Closes a stream that is not read. */
  leave(): Promise<void>;
}

/** Reads the first message of a stream. */
export async function openStream<Frame>(
  frames: AsyncIterable<Frame>,
  openFrame: OpenFrame<Frame>,
): Promise<OpenedStream<Frame>> {
  const iterator = frames[Symbol.asyncIterator]();
  const leave = async (): Promise<void> => void (await iterator.return?.());
  try {
    const next = await iterator.next();
    const first = next.done === true ? undefined : await openFrame(next.value);
    return {
      first,
      leave,
      async *all(frame = first?.frame) {
        try {
          if (frame !== undefined) yield frame;
          for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
        } finally {
          await leave();
        }
      },
    };
  } catch (reason) {
    await leave();
    throw reason;
  }
}
