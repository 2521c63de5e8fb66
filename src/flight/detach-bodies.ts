import { BodyQueue } from "./attach-bodies.ts";
import { ByteReader } from "./byte-reader.ts";
import { FlightError } from "./errors.ts";
import { messageFieldsMax, unclaimedMessageBytesMax } from "./limits.ts";
import { readClaimed, type MessageBudget } from "./message-budget.ts";
import { copyPieces, piecesByteLength } from "./pieces.ts";

/** data_body. */
const bodyFieldNumber = 1000;

/** Protobuf's wire types, as far as proto3 uses them. Source: the protobuf encoding guide. */
const wireType = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

/**
 * Takes the bodies out of a stream of FlightData messages before Connect parses it, and leaves them as views of
 * the chunks they came in. What goes on to Connect are the same messages with their small fields only.
 *
 * Envelopes with a flag (compressed, trailers) pass unchanged, with an empty body in the queue, and so does one
 * that is larger than allowed: Connect knows how to refuse it.
 *
 * @param bytes - the bytes of a request or response, in chunks of any size
 * @param bodies - takes one body for each message, before the message is yielded
 * @param options - `messageBytesMax` is the largest message that is read (inclusive), in bytes; `budget` is the memory that
 * messages wait for, none by default
 */
export async function* detachBodies(
  bytes: AsyncIterable<Uint8Array>,
  bodies: BodyQueue,
  { messageBytesMax, budget }: { readonly messageBytesMax: number; readonly budget?: MessageBudget | undefined },
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(bytes);
  try {
    while (await reader.hasMore()) {
      const envelope = await reader.read(5);
      const messageLength = new DataView(envelope.buffer).getUint32(1);
      if (messageLength > messageBytesMax) {
        yield envelope;
        yield* reader.rest();
      } else if (envelope[0] === 0) {
        const claim = messageLength > unclaimedMessageBytesMax ? await budget?.claim(messageLength) : undefined;
        try {
          const { smallFields, body } = await readClaimed(reader, claim, () => readMessage(reader, messageLength));
          bodies.push({ body });
          yield encodeEnvelope(smallFields);
        } finally {
          claim?.release();
        }
      } else {
        bodies.push({ body: [] });
        yield envelope;
        yield await reader.read(messageLength);
      }
    }
  } finally {
    await reader.cancel();
  }
}

interface DetachedMessage {
  smallFields: Uint8Array[];
  body: Uint8Array[];
}

async function readMessage(reader: ByteReader, messageLength: number): Promise<DetachedMessage> {
  const message: DetachedMessage = { smallFields: [], body: [] };
  let left = messageLength;
  const take = async (byteLength: number): Promise<Uint8Array> => {
    left = spend(left, byteLength);
    return await reader.read(byteLength);
  };
  const takeVarint = async (): Promise<Uint8Array> => {
    const varint: number[] = [];
    do varint.push((await take(1))[0] ?? 0);
    while ((varint.at(-1) ?? 0) > 0x7f && varint.length < 10);
    return Uint8Array.from(varint);
  };
  for (let fieldCount = 0; left > 0; fieldCount++) {
    if (fieldCount > messageFieldsMax) {
      throw new FlightError("invalid_argument", `a FlightData message has more than ${messageFieldsMax} fields`);
    }
    const tag = await takeVarint();
    const key = decodeVarint(tag);
    if (key % 8 !== wireType.lengthDelimited) {
      message.smallFields.push(tag, await takeScalar(key % 8, take, takeVarint));
      continue;
    }
    const length = await takeVarint();
    const byteLength = decodeVarint(length);
    if (Math.floor(key / 8) === bodyFieldNumber) {
      left = spend(left, byteLength);
      message.body = await reader.readPieces(byteLength);
    } else {
      message.smallFields.push(tag, length, await take(byteLength));
    }
  }
  return message;
}

function spend(left: number, byteLength: number): number {
  if (byteLength > left)
    throw new FlightError("invalid_argument", "a field of a FlightData message is longer than the message");
  return left - byteLength;
}

async function takeScalar(
  type: number,
  take: (byteLength: number) => Promise<Uint8Array>,
  takeVarint: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  if (type === wireType.varint) return await takeVarint();
  if (type === wireType.fixed64) return await take(8);
  if (type === wireType.fixed32) return await take(4);
  throw new FlightError("invalid_argument", `a field of a FlightData message has wire type ${type}`);
}

/** Reads a tag or a length: neither has more than 32 bits, whatever else protobuf writes as a varint. */
function decodeVarint(varint: Uint8Array): number {
  let value = 0;
  for (let i = varint.byteLength - 1; i >= 0; i--) value = value * 128 + ((varint[i] ?? 0) & 0x7f);
  if (value > 0xffff_ffff) {
    throw new FlightError("invalid_argument", "a field of a FlightData message has a tag or length beyond 32 bits");
  }
  return value;
}

function encodeEnvelope(parts: readonly Uint8Array[]): Uint8Array {
  const byteLength = piecesByteLength(parts);
  const envelope = new Uint8Array(5 + byteLength);
  new DataView(envelope.buffer).setUint32(1, byteLength);
  copyPieces(envelope, 5, parts);
  return envelope;
}
