import { noBody, whenSent, type BodyQueue, type QueuedBody, type WireMessage } from "./body-queue.ts";
import { copyPieces, joinPieces, piecesByteLength } from "./pieces.ts";

/*
 * A FlightData message is written in two parts: Connect writes the small fields, and this module writes the Arrow body
 * from the memory where it is. Connect would copy a body three times (into the message, the envelope and the frame),
 * which is two thirds of the cost of sending it.
 */

/** The tag of field 1000 (data_body), length-delimited, as its two varint bytes. */
const bodyTag = [0xc2, 0x3e] as const;

/** The five bytes before a message in gRPC, gRPC-Web and Connect streams: flags, then the length. */
const envelopeByteLength = 5;

/** Writes are cut to this size, so that one batch does not hold up the other streams of a connection. */
const writeBytesMax = 256 * 1024;

/** Below this size a body is copied behind its head: one write is cheaper than two. */
const joinBytesMax = 8 * 1024;

/**
 * Puts bodies back behind the messages that went through Connect without them.
 *
 * @param envelopes - the bytes of a response or request, one whole envelope a chunk, as Connect yields them
 * @param bodies - one for each message, pushed before the message was yielded
 */
export async function* attachBodies(
  envelopes: AsyncIterable<Uint8Array>,
  bodies: BodyQueue,
): AsyncGenerator<Uint8Array> {
  for await (const envelope of envelopes) {
    // Anything with a flag is a trailer or an end of stream: no message, no body.
    const queued = envelope[0] === 0 ? bodies.shift() : noBody;
    for (const part of writeBody(envelope, queued)) {
      if (part instanceof Uint8Array) yield part;
      else yield* part;
    }
  }
}

/**
 * Returns the bytes of a message with its body, as chunks or streams of chunks.
 *
 * @param envelope - the message without its body
 */
export function* writeBody(
  envelope: Uint8Array,
  { body, release, message }: QueuedBody,
): Generator<Uint8Array | AsyncIterable<Uint8Array>> {
  if (message) return yield writeMessage(message);
  const bodyLength = piecesByteLength(body);
  if (bodyLength === 0) yield envelope;
  else if (bodyLength <= joinBytesMax) yield joined(envelope, body, bodyLength);
  else {
    yield createHead(envelope, bodyLength, 0);
    for (const [chunk, isLast] of cut(body)) {
      if (isLast && release) whenSent(chunk, release);
      yield chunk;
    }
  }
}

/** Small chunks are copied together, so that a small message is one write with its envelope. */
async function* writeMessage({ byteLength, chunks }: WireMessage): AsyncGenerator<Uint8Array> {
  const envelope = new Uint8Array(envelopeByteLength);
  new DataView(envelope.buffer).setUint32(1, byteLength);
  let small = [envelope];
  for await (const chunk of chunks) {
    if (piecesByteLength(small) + chunk.byteLength <= joinBytesMax) {
      small.push(chunk as Uint8Array<ArrayBuffer>);
      continue;
    }
    if (small.length > 0) yield joinPieces(small);
    small = [];
    yield chunk;
  }
  if (small.length > 0) yield joinPieces(small);
}

function* cut(body: readonly Uint8Array[]): Generator<[chunk: Uint8Array, isLast: boolean]> {
  for (const [i, piece] of body.entries()) {
    for (let at = 0; at < piece.byteLength; at += writeBytesMax) {
      const end = at + writeBytesMax;
      yield [piece.subarray(at, end), i === body.length - 1 && end >= piece.byteLength];
    }
  }
}

function joined(envelope: Uint8Array, body: readonly Uint8Array[], bodyLength: number): Uint8Array {
  const message = createHead(envelope, bodyLength, bodyLength);
  copyPieces(message, message.byteLength - bodyLength, body);
  return message;
}

/** The envelope with its length mended and the body's tag and length behind it, and room for `roomBytes` more. */
function createHead(envelope: Uint8Array, bodyLength: number, roomBytes: number): Uint8Array {
  const field = [...bodyTag, ...encodeVarint(bodyLength)];
  const head = new Uint8Array(envelope.byteLength + field.length + roomBytes);
  head.set(envelope);
  head.set(field, envelope.byteLength);
  const messageLength = envelope.byteLength - envelopeByteLength + field.length + bodyLength;
  new DataView(head.buffer).setUint32(1, messageLength);
  return head;
}

function encodeVarint(value: number): number[] {
  const bytes = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return bytes;
}
