import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { FlightDataSchema, type FlightData } from "../gen/arrow/flight/protocol/flight_pb.ts";
import type { BodyQueue, WireMessage } from "./body-queue.ts";
import { ByteReader } from "./byte-reader.ts";
import { assertSmallFlagged } from "./detach-bodies.ts";
import { limitError } from "./limit-error.ts";
import { messageBytesMax } from "./limits.ts";
import { joinPieces } from "./pieces.ts";

/*
 * A proxy forwards FlightData messages without reading them. Connect sees an empty message in place of each, and the
 * bytes of the real message follow directly from their source. So the proxy forwards a message byte for byte, including
 * unknown fields. A message of any size needs only the memory of the bytes in transfer.
 */

const emptyEnvelope = new Uint8Array(5);

/**
 * Takes whole messages out of a stream of envelopes before Connect parses it; in their place go empty ones.
 *
 * Envelopes with a flag (compressed, trailers) pass unchanged, with no message in the queue.
 *
 * @param bytes - the bytes of a request or response, in chunks of any size
 * @param queue - takes each message before the envelope in its place is yielded
 */
export async function* detachMessages(bytes: AsyncIterable<Uint8Array>, queue: BodyQueue): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(bytes);
  try {
    while (await reader.hasMore()) {
      const envelope = await reader.read(emptyEnvelope.byteLength);
      const byteLength = new DataView(envelope.buffer).getUint32(1);
      const bytesLeft = new ArrivingBytes(reader, byteLength);
      if (envelope[0] === 0) {
        queue.push({ body: [], message: { byteLength, chunks: bytesLeft.read() } });
        yield emptyEnvelope.slice();
        await bytesLeft.skip();
      } else {
        assertSmallFlagged(byteLength);
        queue.push({ body: [] });
        yield envelope;
        yield* bytesLeft.read();
      }
    }
  } finally {
    await reader.cancel();
  }
}

/** So many bytes of a stream, which are read by one or skipped by another. */
class ArrivingBytes {
  readonly #reader: ByteReader;
  #left: number;

  constructor(reader: ByteReader, byteLength: number) {
    this.#reader = reader;
    this.#left = byteLength;
  }

  async *read(): AsyncGenerator<Uint8Array> {
    while (this.#left > 0) yield await this.#take();
  }

  async skip(): Promise<void> {
    while (this.#left > 0) await this.#take();
  }

  async #take(): Promise<Uint8Array> {
    const chunk = await this.#reader.next(this.#left);
    this.#left -= chunk.byteLength;
    return chunk;
  }
}

/**
 * Converts a forwarded message to a message for Connect.
 *
 * @param queue - gets the bytes, which are attached below Connect after an empty message. If it is undefined, the
 * message is parsed, as JSON calls need.
 * @throws FlightError RESOURCE_EXHAUSTED if a message that must be parsed is too large
 */
export async function fromWireMessage(wire: WireMessage, queue: BodyQueue | undefined): Promise<FlightData> {
  if (queue === undefined) return fromBinary(FlightDataSchema, await collect(wire));
  queue.push({ body: [], message: wire });
  return emptyMessage;
}

const emptyMessage = fromBinary(FlightDataSchema, new Uint8Array(0));

/**
 * Converts a message from Connect to a forwarded message.
 *
 * @param queue - the queue with the bytes that were detached below Connect. If it is undefined or empty, Connect has
 * parsed the message.
 */
export function toWireMessage(message: FlightData, queue: BodyQueue | undefined): WireMessage {
  const wire = queue?.shift().message;
  if (wire) return wire;
  const bytes = toBinary(FlightDataSchema, message);
  return { byteLength: bytes.byteLength, chunks: chunksOf(bytes) };
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function collect({ byteLength, chunks }: WireMessage): Promise<Uint8Array> {
  if (byteLength > messageBytesMax) {
    throw limitError("message-bytes", `a message has ${byteLength} bytes; the maximum is ${messageBytesMax}`);
  }
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return joinPieces(pieces);
}
